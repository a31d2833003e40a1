import type { ServiceName } from '@instep/contracts';
import type { DepartmentDefinition } from '@instep/department';
import type { EventLog } from '@instep/event-log';
import type { QueryResultRow } from 'pg';

import { departments } from './departments.ts';

/** Where to look. */
interface Ground {
  readonly log: EventLog;
  query<Row extends QueryResultRow>(service: ServiceName, sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Unsettled {
  readonly service: ServiceName;
  readonly what: string;
}

/** What is still on its way: records not yet applied, events not yet sent. Records that only say positions do not count. */
export async function isSettled(company: Ground): Promise<readonly Unsettled[]> {
  const found = await Promise.all(departments.map((definition) => unsettled(company, definition)));
  return found.flat();
}

async function unsettled(company: Ground, { service, consumer, topics }: DepartmentDefinition): Promise<readonly Unsettled[]> {
  const left: Unsettled[] = [];
  const [{ waiting } = { waiting: '?' }] = await company.query<{ waiting: string }>(
    service,
    'SELECT count(*)::text AS waiting FROM outbox',
  );
  if (waiting !== '0') left.push({ service, what: `${waiting} events to send` });
  const positions = await company.query<{ topic: string; partition: number; next: string }>(
    service,
    'SELECT topic, partition, next_offset::text AS next FROM position WHERE consumer = $1',
    [consumer],
  );
  const applied = new Map(positions.map(({ topic, partition, next }) => [`${topic}/${String(partition)}`, Number(next)]));
  for (const topic of topics) {
    for (const { partition, next } of await company.log.bounds(topic)) {
      const at = applied.get(`${topic}/${String(partition)}`) ?? 0;
      if (at < next) left.push({ service, what: `${topic}/${String(partition)} at ${String(at)} of ${String(next)}` });
    }
  }
  return left;
}
