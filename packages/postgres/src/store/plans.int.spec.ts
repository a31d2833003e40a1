import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { hotPathConfig, openPool } from '../connection.ts';
import { sampleDatabase } from '../testing/sample-database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { sampleTables } from '../testing/sample-tables.ts';
import { request, streamKey, unit } from '../testing/units.ts';
import { Committer } from './commit.ts';
import { Loader } from './load.ts';
import { NEXT, postgresOutbox, REMOVE_AND_NEXT } from './outbox.ts';
import { postgresParking } from './parking.ts';
import { tableShape } from './table-shape.ts';

describe('the plans of the hot path', () => {
  let database: TestDatabase;
  let plans: ReadonlyMap<string, string>;

  // The tables are empty, which is when a planner left to itself would choose to scan them.
  beforeAll(async () => {
    database = await sampleDatabase();
    plans = await plansOf(database.url);
  });

  afterAll(async () => {
    await database.drop();
  });

  it('go by primary key, whatever the tables looked like when they were made', () => {
    expect(plans.size).toBeGreaterThan(7);
    for (const [statement, plan] of plans)
      expect([statement, plan]).toEqual([statement, expect.not.stringMatching(/Seq Scan|Hash Join|Merge Join/u)]);
    const all = [...plans.values()].join('\n');
    for (const index of ['stream_pkey', 'position_pkey', 'parked_event_pkey', 'request_pkey', 'outbox_pkey']) expect(all).toContain(index);
  });
});

/** Statement by statement what the store says to the database, with its plan. */
async function plansOf(url: string): Promise<ReadonlyMap<string, string>> {
  const settings = { url, service: 'test' };
  const pool = openPool(settings);
  const statements = new Set<string>();
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (config: pg.QueryConfig) => unknown;
    client.query = ((config: pg.QueryConfig) => {
      statements.add(config.text);
      return query(config);
    }) as typeof client.query;
  });
  const tables = new Map(sampleTables.map(tableShape).map((table) => [table.name, table]));
  const [loader, committer] = [new Loader(tables), new Committer(tables)];
  const position = (nextOffset: number) => ({ topic: 'orders', partition: 0, nextOffset, lastSequence: { epoch: 1, n: nextOffset } });
  const stream = (loadedVersion: number) => ({ ...streamKey('1'), loadedVersion, version: loadedVersion + 1, state: {} });
  const row = { tenant: 'demo', item: 'A', quantity: 1, amount: '1', total: '1', note: null, flag: true };
  const parked = {
    ...position(0),
    consumer: 'test',
    offset: 1,
    key: 'k',
    type: null,
    sequence: null,
    value: Buffer.from(''),
    code: 'c',
    reason: 'r',
  };
  const outbox = [{ topic: 'orders', partition: 0, key: 'demo/1', type: 'order.placed', value: '{}' }];
  for (const loadedVersion of [0, 1]) {
    await committer.commit(
      pool,
      unit({
        positions: [{ from: position(loadedVersion), to: position(loadedVersion + 1) }],
        streams: [stream(loadedVersion)],
        rows: [
          { kind: 'view', table: 'sample_view', loadedVersion, row },
          { kind: 'state', table: 'sample_state', row: { tenant: 'demo', id: '1', status: 'open', small: 1 } },
          {
            kind: 'journal',
            table: 'sample_journal',
            row: { tenant: 'demo', id: String(loadedVersion), line: 1, account: '1', amount: '1' },
          },
        ],
        outbox,
        requests: [{ tenant: 'demo', key: String(loadedVersion), hash: 'h', answer: 'a' }],
        parked: loadedVersion === 0 ? [{ ...parked, parkedAt: 0 }] : [],
        redriven: loadedVersion === 0 ? [] : [{ topic: 'orders', key: 'k', n: 1 }],
      }),
    );
  }
  await loader.load(
    pool,
    request({
      positions: [position(0)],
      streams: [streamKey('1')],
      rows: [{ table: 'sample_view', keys: [['demo', 'A']] }],
      keys: [{ topic: 'orders', key: 'k' }],
      requests: [{ tenant: 'demo', key: 'r' }],
    }),
  );
  await postgresParking(pool).read('test', 'orders', 'k', 10);
  await postgresParking(pool).list('test', 10);
  await postgresOutbox(pool, hotPathConfig(settings)).backlog();
  await pool.end();

  const client = new pg.Client(hotPathConfig(settings));
  await client.connect();
  const plans = new Map<string, string>();
  for (const statement of [...statements, NEXT.text, REMOVE_AND_NEXT.text]) {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${statement}`);
    plans.set(statement, rows.map((line) => line['QUERY PLAN']).join('\n'));
  }
  await client.end();
  return plans;
}
