import type { EventLog } from '@instep/event-log';
import type { Invariant, Violation } from '@instep/postgres';

/** A position behind the end of its partition means that the log has lost what was applied: records of a topic made anew would be skipped. */
export function positionsWithinLog(consumer: string, log: Pick<EventLog, 'bounds'>): Invariant {
  return {
    name: 'positions-within-log',
    promise: 'No position is behind the end of its partition: the log still has all that was applied.',
    check: {
      kind: 'asked',
      // The log is asked after the database: it only grows.
      find: async (ask) => {
        const positions = await ask('SELECT topic, partition, next_offset FROM position WHERE consumer = $1', [consumer]);
        const ends = await endsOf(
          log,
          positions.map(({ topic }) => topic ?? ''),
        );
        return positions.flatMap(({ topic, partition, next_offset: offset }): Violation[] => {
          const name = `${topic ?? ''}/${partition ?? ''}`;
          const end = ends.get(name) ?? 0;
          return Number(offset) > end ? [{ subject: name, detail: `applied up to ${offset ?? ''}, the log ends at ${end}` }] : [];
        });
      },
    },
  };
}

async function endsOf(log: Pick<EventLog, 'bounds'>, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  for (const topic of new Set(topics)) for (const { partition, next } of await log.bounds(topic)) ends.set(`${topic}/${partition}`, next);
  return ends;
}
