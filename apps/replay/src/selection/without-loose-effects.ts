import { partitionName, type LogReader, type TopicPartition } from '@instep/event-log';
import { readEnvelope } from '@instep/lake/log';

/** Where a partition is cut. */
export interface PartitionCut extends TopicPartition {
  /** Offset of the first record that is left out. */
  readonly to: number;
  /** Everything before had its cause in the log when it was looked where the log ends; what is behind came since. */
  readonly before: number;
  /** Where the log ended then. */
  readonly next: number;
}

/** By partition of the causes: those that lie further than all before, and the records that follow from them. Both rise. */
type Needs = Map<string, { readonly causes: number[]; readonly effects: number[] }>;

/**
 * Cuts partitions earlier where an effect would be in and its cause not, until there is none: so that the tables of all departments fit together.
 * Clocks of several machines, and departments that work meanwhile, make such cuts. Looks at records from `from` on. A cause that the log has lost
 * is not waited for.
 */
export async function withoutLooseEffects(
  log: LogReader,
  cuts: readonly PartitionCut[],
  from: (cut: PartitionCut) => number,
): Promise<ReadonlyMap<string, number>> {
  const ends = new Map(cuts.map((cut) => [partitionName(cut), cut.to]));
  const nexts = new Map(cuts.map((cut) => [partitionName(cut), cut.next]));
  const all = new Map<string, Needs>();
  for (const cut of cuts) all.set(partitionName(cut), await needsOf(log, cut, from(cut), nexts));
  let earlier: boolean;
  do {
    earlier = false;
    for (const [name, needs] of all) {
      const end = Math.min(...[...needs].map(([of, { causes, effects }]) => effects[firstFrom(causes, ends.get(of) ?? 0)] ?? Infinity));
      if (end >= (ends.get(name) ?? 0)) continue;
      ends.set(name, end);
      earlier = true;
    }
  } while (earlier);
  return ends;
}

async function needsOf(log: LogReader, cut: PartitionCut, from: number, nexts: ReadonlyMap<string, number>): Promise<Needs> {
  const needs: Needs = new Map();
  if (from >= cut.to) return needs;
  for await (const records of log.read(cut, from, cut.to)) {
    for (const { offset, value } of records) {
      const place = readEnvelope(value.toString('utf8'))?.causeposition;
      if (place === undefined) continue;
      const slash = place.lastIndexOf('/');
      const [of, cause] = [place.slice(0, slash), Number(place.slice(slash + 1))];
      const next = nexts.get(of);
      if (next === undefined || (cause >= next && offset < cut.before)) continue;
      const known = needs.get(of) ?? { causes: [], effects: [] };
      needs.set(of, known);
      if (cause <= (known.causes.at(-1) ?? -1)) continue;
      known.causes.push(cause);
      known.effects.push(offset);
    }
  }
  return needs;
}

/** Index of the first of rising numbers that is not below `least`. */
function firstFrom(rising: readonly number[], least: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
