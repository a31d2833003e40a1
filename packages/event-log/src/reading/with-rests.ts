import type { LogReader } from './log-reader.ts';

export interface Rests {
  /** Awaited after each batch, once the reader has done its work on it. */
  readonly rest: (() => Promise<void>) | undefined;
  /** Most records of a batch: for who works long on each. As they come when absent. */
  readonly every?: number;
}

/** The same log for a reader that is in no hurry. */
export function withRests(log: LogReader, { rest, every = Number.POSITIVE_INFINITY }: Rests): LogReader {
  if (rest === undefined) return log;
  return {
    bounds: (topic) => log.bounds(topic),
    async *read(target, from, to) {
      for await (const batch of log.read(target, from, to)) {
        for (let at = 0; at < batch.length; at += every) {
          yield batch.slice(at, at + every);
          await rest();
        }
      }
    },
  };
}
