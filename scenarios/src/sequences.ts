import { topics } from '@instep/contracts';
import type { EventLog } from '@instep/event-log';

export interface NumberedTopic {
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
  /** Sent more than once: harmless, readers drop them. */
  readonly repeated: number;
  /** Numbers that are missing or come too early. Must be empty. */
  readonly faults: readonly string[];
}

/** Reads every numbered topic whole and checks that its numbers, without repetitions, are 1, 2, 3 … */
export async function checkSequences(log: EventLog): Promise<readonly NumberedTopic[]> {
  const checked: NumberedTopic[] = [];
  for (const { name: topic, sequenced } of Object.values(topics)) {
    if (!sequenced) continue;
    for (const { partition, first, next } of await log.bounds(topic)) {
      let last = 0;
      let repeated = 0;
      const faults: string[] = [];
      for await (const batch of log.read({ topic, partition }, first, next)) {
        for (const { offset, sequence } of batch) {
          const n = sequence?.n ?? 0;
          if (n === last + 1) last = n;
          else if (n >= 1 && n <= last) repeated += 1;
          else faults.push(`offset ${String(offset)} carries ${String(n)} after ${String(last)}`);
        }
      }
      checked.push({ topic, partition, records: next - first, repeated, faults });
    }
  }
  return checked;
}
