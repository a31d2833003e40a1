import { randomUUID } from 'node:crypto';

import { encodeEvent, recordKey, topics } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import { dataSource, migrate, postgresStore, schemaDrift } from '@instep/postgres';
import { testHost } from '@instep/service-host';

import { entities, migrations } from '../src/adapters/postgres/index.ts';
import { service } from '../src/hr.module.ts';
import { onTheWire } from './on-the-wire.ts';

export interface ServiceOnPostgres {
  /** Puts events of other owners into the log and waits until they are applied. */
  hear(...events: readonly IncomingEvent[]): Promise<void>;
  get<Body>(path: string): Promise<{ readonly status: number; readonly body: Body }>;
  /** `key`: the idempotency key; a new one when absent. */
  send<Body>(
    method: 'POST' | 'PATCH',
    path: string,
    payload: object,
    key?: string,
  ): Promise<{ readonly status: number; readonly body: Body }>;
  /** What the tables lack compared with the entity schemas. */
  drift(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const deadlineMs = 20_000;
const url = process.env['DATABASE_URL'];

/** The whole service on a log in memory and a fresh schema of the database that DATABASE_URL names. */
export async function serviceOnPostgres(): Promise<ServiceOnPostgres> {
  if (url === undefined) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');
  const connection = { url, service: service.name, schema: `${service.name}_${randomUUID().replaceAll('-', '')}` };
  const source = dataSource({ ...connection, entities, migrations });
  await migrate(source);
  const store = postgresStore({ ...connection, tables: entities });
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  const host = await testHost(service, { log, store, dataSource: source });

  const applied = () => {
    const { eventsApplied, eventsSkipped, eventsParked } = host.department.status().counters;
    return eventsApplied + eventsSkipped + eventsParked;
  };
  return {
    async hear(...events) {
      const target = applied() + events.length;
      for (const event of events) {
        const topic = 'orders';
        const key = recordKey(event.tenant, event.subject);
        const record = { key, type: event.type, sequence: undefined, value: Buffer.from(encodeEvent(onTheWire(event))) };
        await log.append({ topic, partition: await log.partitionFor(topic, key) }, [record]);
      }
      const deadline = Date.now() + deadlineMs;
      while (applied() < target) {
        if (Date.now() > deadline)
          throw new Error(`waited ${String(deadlineMs)} ms in vain for ${String(events.length)} events to be applied`);
        await new Promise(setImmediate);
      }
      if (host.department.status().counters.eventsParked > 0) throw new Error('an event was parked');
    },
    async get<Body>(path: string) {
      const answer = await host.inject({ method: 'GET', url: path, headers: { 'x-tenant': 'demo' } });
      return { status: answer.statusCode, body: answer.json<Body>() };
    },
    async send<Body>(method: 'POST' | 'PATCH', path: string, payload: object, key: string = randomUUID()) {
      const answer = await host.inject({ method, url: path, headers: { 'x-tenant': 'demo', 'idempotency-key': key }, payload });
      return { status: answer.statusCode, body: answer.json<Body>() };
    },
    drift: () => schemaDrift(source),
    async close() {
      await host.close();
      await store.close();
      await source.query(`DROP SCHEMA ${connection.schema} CASCADE`);
      await source.destroy();
    },
  };
}
