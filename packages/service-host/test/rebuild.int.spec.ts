import { randomUUID } from 'node:crypto';

import { topics } from '@instep/contracts';
import { accept, defineCommand, record, type DomainEvent, type StreamDefinition } from '@instep/decider';
import { createDepartment, systemClock, systemIds, type DepartmentDefinition } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import { dataSource, migrate, postgresStore } from '@instep/postgres';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { catchUpService } from '../src/rebuild/catch-up-service.ts';
import { rebuildService } from '../src/rebuild/rebuild-service.ts';

type Tagged = DomainEvent<'customer.tagged', { customerId: string; tag: string; orderId: string | null }>;

const customer: StreamDefinition<{ readonly tags: readonly string[] }, Tagged> = {
  name: 'customer',
  initial: () => ({ tags: [] }),
  evolve: (state, { data }) => ({ tags: [...state.tags, data.tag] }),
};

const tag = defineCommand<{ id: string; tag: string }>({
  name: 'tag',
  streams: ({ id }) => [{ stream: customer, id }],
  decide: ({ id, tag: name }) =>
    accept(record(customer, id, [{ type: 'customer.tagged', data: { customerId: id, tag: name, orderId: null } }])),
});

const definition: DepartmentDefinition = {
  service: 'crm',
  consumer: 'crm.events',
  streams: [customer],
  topics: ['orders'],
  projections: [],
  reactions: [],
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const customers = 20;

describe('building the database of a service from the log', () => {
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  const service = { entities: [], migrations: [] };
  const name = `host_${randomUUID().replaceAll('-', '')}`;
  let databaseUrl = '';
  let server: pg.Client;
  let inside: pg.Client;
  let runs = 0;

  const target = () => ({ service, definition, databaseUrl, log, run: `spec_${String((runs += 1))}` });
  const schemas = async (): Promise<unknown[]> =>
    (await inside.query<{ nspname: string }>(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%' ORDER BY 1`)).rows.map(
      ({ nspname }) => nspname,
    );

  beforeAll(async () => {
    const given = process.env['DATABASE_URL'];
    if (given === undefined) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');
    server = new pg.Client({ connectionString: given });
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    const url = new URL(given);
    url.pathname = `/${name}`;
    databaseUrl = url.href;
    inside = new pg.Client({ connectionString: databaseUrl });
    inside.on('error', () => undefined);
    await inside.connect();
    const source = dataSource({ url: databaseUrl, service: 'crm', ...service });
    await migrate(source);
    await source.destroy();

    const store = postgresStore({ url: databaseUrl, service: 'crm', tables: [] });
    const parts = { definition, log, store, clock: systemClock, ids: systemIds, runtimeLog: silent, onCrash: () => undefined };
    const department = createDepartment(parts);
    await department.start();
    for (let n = 0; n < customers; n += 1) {
      const request = { tenant: 'demo', actor: 'user/a', idempotencyKey: `key-${String(n)}`, requestHash: 'h' };
      await department.execute(tag.with({ id: `customer-${String(n)}`, tag: 'new' }), request);
    }
    await department.stop(5_000);
    await store.close();
  }, 60_000);

  afterAll(async () => {
    await inside.end();
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.end();
    await log.close();
  });

  it('is equal to the live one, and leaves nothing behind', async () => {
    const report = await rebuildService({ ...target(), switchOver: 'no' });
    expect(report).toMatchObject({ equal: true, events: customers, missing: 0, formerSchema: undefined });
    expect(await schemas()).toEqual([]);
  }, 30_000);

  it('leaves nothing behind when it is interrupted', async () => {
    const progress = (): void => {
      throw new Error('interrupted');
    };
    await expect(rebuildService({ ...target(), switchOver: 'no', progress })).rejects.toThrow('interrupted');
    expect(await schemas()).toEqual([]);
  }, 30_000);

  it.each(['when-equal', 'always'] as const)(
    'is not switched to (%s) while the service runs, which it says before it begins',
    async (switchOver) => {
      const store = postgresStore({ url: databaseUrl, service: 'crm', tables: [] });
      const lease = await store.outbox.lease();
      const steps: number[] = [];
      await expect(rebuildService({ ...target(), switchOver, progress: (done) => steps.push(done) })).rejects.toMatchObject({
        code: 'rebuild/schema-in-use',
        message: 'crm is running and writes to this database: stop it, then switch. Nothing was changed.',
      });
      expect(steps).toEqual([]);
      await lease?.release();
      await store.close();
    },
    30_000,
  );

  it('takes the place of a database that was restored to an earlier time, once', async () => {
    await inside.query(`TRUNCATE stream, request, outbox`);
    await inside.query(`UPDATE relay SET counters = '[]', in_flight = '[]', serial = 0`);
    const wait = (): Promise<void> => Promise.resolve();
    const [first, second] = await Promise.all([1, 2].map(() => catchUpService({ ...target(), wait })));
    const done = first ?? second;
    expect([first, second].filter((each) => each !== undefined)).toHaveLength(1);
    expect(done).toMatchObject({ folded: customers, carriedOver: 0, missing: 0, epoch: 2 });
    expect(await schemas()).toEqual([done?.formerSchema]);
    const { rows } = await inside.query(
      `SELECT (SELECT count(*)::int FROM stream WHERE stream = 'customer') AS streams, (SELECT count(*)::int FROM request) AS requests, epoch, serial FROM relay`,
    );
    expect(rows).toEqual([{ streams: customers, requests: customers, epoch: 2, serial: '0' }]);
    expect(await rebuildService({ ...target(), switchOver: 'no' })).toMatchObject({ equal: true });
  }, 60_000);
});
