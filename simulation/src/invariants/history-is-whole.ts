import type { LogRecord } from '@instep/event-log';
import { checkHistory } from '@instep/history';

import type { Invariant, StepInvariant } from '../evidence.ts';

/** Clocks of the simulated machines may be set to another time while they run. */
const skewMs = 24 * 60 * 60_000;

export const historyIsWhole: Invariant = {
  id: 'INV-7',
  promise:
    'Numbers of every topic-partition and versions of every stream are 1, 2, 3 … without gaps, a repetition equals what it repeats, each topic has one writer, causes exist and come first.',
  async check({ log }) {
    const { findings } = await checkHistory(log, { skewMs });
    return findings
      .filter(({ code, topic }) => !(code === 'undecodable' && topic.startsWith('raw.')))
      .map(
        ({ code, topic, partition, offset, sentence }) => `${topic}/${String(partition)} offset ${String(offset)}: ${sentence} (${code})`,
      );
  },
};

interface Seen {
  records: number;
  last: number;
}

const seenByRecords = new WeakMap<readonly LogRecord[], Seen>();

export const numbersAreContiguous: StepInvariant = {
  id: 'INV-7',
  promise: 'No number is left out of a topic-partition.',
  check(evidence) {
    return [...evidence.records].flatMap(([name, records]) => newGaps(name, records));
  },
};

/** Only what came since the last look. */
function newGaps(name: string, records: readonly LogRecord[]): string[] {
  const seen = seenByRecords.get(records) ?? { records: 0, last: 0 };
  seenByRecords.set(records, seen);
  const gaps: string[] = [];
  for (; seen.records < records.length; seen.records += 1) {
    const record = records[seen.records];
    if (!record?.sequence) continue;
    const { n } = record.sequence;
    if (n > seen.last + 1) gaps.push(`${name} offset ${String(record.offset)} carries number ${String(n)} after ${String(seen.last)}`);
    seen.last = Math.max(seen.last, n);
  }
  return gaps;
}
