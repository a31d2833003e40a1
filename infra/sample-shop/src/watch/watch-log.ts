import { setTimeout as pause } from 'node:timers/promises';
import type { Consumption, EventLog, LogRecord, TopicPartition } from '@instep/event-log';

const againAfterMs = 2_000;
const leaveWithinMs = 2_000;

export type LogWatch = {
  /** False while the log cannot be read. */
  readonly reading: boolean;
  stop(): Promise<void>;
};

/**
 * Calls `on` for every record of `topics` from now on, once each, whatever becomes of the connection. Resolves when it is known where "now" is.
 * Rejects when the log does not answer.
 */
export async function watchLog(log: EventLog, topics: readonly string[], on: (record: LogRecord) => void): Promise<LogWatch> {
  const next = new Map<string, number>();
  for (const topic of topics) for (const bounds of await log.bounds(topic)) next.set(nameOf({ topic, ...bounds }), bounds.next);
  const over = new AbortController();
  let joined: Consumption | undefined;

  const consumeUntilItCrashes = async (): Promise<void> => {
    let crash: (error: Error) => void = () => undefined;
    const crashed = new Promise<Error>((resolve) => {
      crash = resolve;
    });
    joined = await log.consume({
      group: 'sample-shop',
      topics,
      startAt: async (assigned) => assigned.map((target) => ({ ...target, nextOffset: next.get(nameOf(target)) ?? 0 })),
      onSlice: async ({ topic, partition, records }) => {
        for (const record of records) on(record);
        const last = records.at(-1);
        if (last) next.set(nameOf({ topic, partition }), last.offset + 1);
        return { kind: 'continue', nextOffset: next.get(nameOf({ topic, partition })) ?? 0 };
      },
      onCrash: (error) => crash(error),
    });
    await crashed;
  };

  const keepReading = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await consumeUntilItCrashes().catch(() => undefined); // it shows as not reading
      joined = undefined;
      await pause(againAfterMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  void keepReading();

  return {
    get reading() {
      return joined?.healthy() ?? false;
    },
    stop: async () => {
      over.abort();
      await joined?.stop(leaveWithinMs);
    },
  };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
