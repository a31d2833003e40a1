import type { EventLog, LogRecord, TopicPartition } from '@instep/event-log';

/** Records that lie no further apart are fetched with what lies between them: cheaper than another question. */
const nearby = 2_000;

/** The records at these offsets, which rise and which the log holds. */
export async function* recordsAt(
  log: EventLog,
  { topic, partition }: TopicPartition,
  offsets: readonly number[],
): AsyncGenerator<LogRecord> {
  for (let at = 0; at < offsets.length;) {
    const first = offsets[at] ?? 0;
    let last = first;
    let next = at;
    for (; next < offsets.length && (offsets[next] ?? 0) - last <= nearby; next += 1) last = offsets[next] ?? last;
    const wanted = new Set(offsets.slice(at, next));
    for await (const records of log.read({ topic, partition }, first, last + 1)) {
      for (const record of records) if (wanted.has(record.offset)) yield record;
    }
    at = next;
  }
}
