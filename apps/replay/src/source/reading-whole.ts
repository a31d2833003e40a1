import { OffsetOutOfRange, type LogReader } from '@instep/event-log';

/**
 * The same log, but a reading that ends before its end fails with `OffsetOutOfRange`: what was planned against a longer log would otherwise seem
 * to be done. `remedy`: what to do then.
 */
export function readingWhole(log: LogReader, remedy: string): LogReader {
  return {
    bounds: (topic) => log.bounds(topic),
    async *read(target, from, to) {
      let next = from;
      for await (const records of log.read(target, from, to)) {
        next = (records.at(-1)?.offset ?? next - 1) + 1;
        yield records;
      }
      if (next < to)
        throw new OffsetOutOfRange(
          `${target.topic}/${String(target.partition)} ends at offset ${String(next)}, and was to be read up to ${String(to)}: ${remedy}.`,
        );
    },
  };
}
