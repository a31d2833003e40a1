import type { DepartmentDefinition, InMemoryStore, Position, Row } from '@instep/department';
import { inMemoryStore, rebuild } from '@instep/department';
import type { EventLog } from '@instep/event-log';

import type { Evidence, Invariant, ServiceEvidence } from '../evidence.ts';

export const rebuildEqualsLive: Invariant = {
  id: 'INV-8',
  promise:
    'Every database built again from the log alone equals the live one: streams, rows, positions, answers and what is parked, one by one.',
  async check(evidence) {
    const faults: string[] = [];
    for (const service of evidence.services.values()) faults.push(...(await compare(evidence, service)));
    return faults;
  },
};

async function compare({ log }: Evidence, { service, definition, store }: ServiceEvidence): Promise<string[]> {
  const rebuilt = inMemoryStore({ tables: definition.projections.map(({ table }) => table) });
  try {
    await rebuild({ definition, log, store: rebuilt }).advance(await positionsOf(log, definition, store));
  } catch (error) {
    return [`${service} cannot be rebuilt: ${error instanceof Error ? error.message : String(error)}`];
  }
  return [
    ...differences(`${service} parked`, parkedOf(store), parkedOf(rebuilt)),
    ...differences(`${service} position`, placesOf(store), placesOf(rebuilt)),
    ...differences(`${service} answer`, answersOf(store), answersOf(rebuilt)),
    ...differences(`${service} stream`, streamsOf(store), streamsOf(rebuilt)),
    ...definition.projections.flatMap(({ table: { name, key } }) =>
      differences(`${service} ${name}`, rowsByKey(store.rows(name), key), rowsByKey(rebuilt.rows(name), key)),
    ),
  ];
}

async function positionsOf(log: EventLog, { consumer, topics }: DepartmentDefinition, store: InMemoryStore): Promise<readonly Position[]> {
  const targets = await Promise.all(topics.map(async (topic) => (await log.bounds(topic)).map(({ partition }) => ({ topic, partition }))));
  return (await store.load({ consumer, positions: targets.flat(), streams: [], rows: [], keys: [], requests: [] })).positions;
}

/** Streams that only the runtime keeps hold no state; their versions count all the same. */
function streamsOf(store: InMemoryStore): ReadonlyMap<string, string> {
  return new Map(
    store
      .streams()
      .map(({ tenant, stream, id, version, state }) => [`${tenant}/${stream}/${id}`, `${String(version)} ${JSON.stringify(state)}`]),
  );
}

/** In the order in which they wait. */
function parkedOf(store: InMemoryStore): ReadonlyMap<string, string> {
  const keys = Map.groupBy(store.parkedRecords(), ({ topic, key }) => `${topic} ${key}`);
  return new Map(
    [...keys].map(([key, records]) => [key, records.map(({ partition, offset }) => `${String(partition)}/${String(offset)}`).join(' ')]),
  );
}

function placesOf(store: InMemoryStore): ReadonlyMap<string, string> {
  return new Map(
    store
      .positions()
      .map(({ topic, partition, nextOffset, lastSequence }) => [
        `${topic}/${String(partition)}`,
        `${String(nextOffset)} after ${String(lastSequence.n)}`,
      ]),
  );
}

/** A request that led to nothing left no event from which its answer could come back. */
function answersOf(store: InMemoryStore): ReadonlyMap<string, string> {
  const answers = store.requests().filter(({ answer }) => answer.includes('"events":[{'));
  return new Map(answers.map(({ tenant, key, hash, answer }) => [`${tenant}/${key}`, `${hash} ${answer}`]));
}

function rowsByKey(rows: readonly Row[], key: readonly string[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [key.map((column) => String(row[column])).join('/'), JSON.stringify(row)]));
}

function differences(what: string, live: ReadonlyMap<string, string>, rebuilt: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  for (const [key, value] of live) {
    const other = rebuilt.get(key);
    if (other === undefined) faults.push(`${what} ${key} is not in the rebuilt database`);
    else if (other !== value) faults.push(`${what} ${key} is ${excerpt(value, other)} live and ${excerpt(other, value)} rebuilt`);
  }
  for (const key of rebuilt.keys()) if (!live.has(key)) faults.push(`${what} ${key} is only in the rebuilt database`);
  return faults;
}

/** The part of a text that differs from the other one. */
function excerpt(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  return `…${text.slice(Math.max(0, at - 40), at + 80)}…`;
}
