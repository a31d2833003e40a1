import type { ServiceName, TopicName } from '@instep/contracts';
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
  readonly service: ServiceName | 'the log';
  readonly what: string;
}

/**
 * What is still on its way: records not yet applied, events not yet sent. Records that only say positions do not count. Nothing is on its way
 * when the log was the same before and after every department was asked, and each had applied all of it and had nothing to send, both at one
 * moment: then nobody has anything left to go on from.
 */
export async function isSettled(company: Ground): Promise<readonly Unsettled[]> {
  const topics = [...new Set(departments.flatMap((definition) => definition.topics))];
  const before = await endsOf(company, topics);
  const found = await Promise.all(departments.map((definition) => unsettled(company, definition, before)));
  const after = await endsOf(company, topics);
  const grown = [...after].filter(([place, next]) => before.get(place) !== next);
  return [...found.flat(), ...grown.map(([place]) => ({ service: 'the log', what: `${place} grows` }) as const)];
}

/** Behind the last record of each partition, by `<topic>/<partition>`. */
type Ends = ReadonlyMap<string, number>;

async function endsOf({ log }: Ground, topics: readonly TopicName[]): Promise<Ends> {
  const ends = await Promise.all(
    topics.map(async (topic) => (await log.bounds(topic)).map(({ partition, next }) => [`${topic}/${String(partition)}`, next] as const)),
  );
  return new Map(ends.flat());
}

async function unsettled(company: Ground, { service, consumer, topics }: DepartmentDefinition, ends: Ends): Promise<readonly Unsettled[]> {
  // One statement: what a record led to is in the outbox from the moment at which its position is behind it.
  const rows = await company.query<{ waiting: string; place: string | null; next: string | null }>(
    service,
    `SELECT waiting, topic || '/' || partition AS place, next_offset::text AS next
     FROM (SELECT count(*)::text AS waiting FROM outbox) o LEFT JOIN position ON consumer = $1`,
    [consumer],
  );
  const left: Unsettled[] = [];
  const waiting = rows[0]?.waiting ?? '?';
  if (waiting !== '0') left.push({ service, what: `${waiting} events to send` });
  const applied = new Map(rows.map(({ place, next }) => [place, Number(next)]));
  for (const [place, next] of ends) {
    if (!topics.some((topic) => place.startsWith(`${topic}/`))) continue;
    const at = applied.get(place) ?? 0;
    if (at < next) left.push({ service, what: `${place} at ${String(at)} of ${String(next)}` });
  }
  return left;
}
