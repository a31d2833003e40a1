import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { TestDatabase } from '../testing/database.ts';
import { sampleDatabase } from '../testing/sample-database.ts';
import { until } from '../testing/until.ts';
import type { Invariant } from './invariant.ts';
import { runtimeInvariants } from './runtime-invariants.ts';
import { invariantWatch, type InvariantState, type InvariantWatch } from './watch.ts';

let database: TestDatabase;
const open: InvariantWatch[] = [];
beforeAll(async () => {
  database = await sampleDatabase();
});
afterAll(async () => {
  for (const watch of open) await watch.close();
  await database.drop();
});
beforeEach(async () => {
  for (const watch of open.splice(0)) await watch.close();
  await database.query('TRUNCATE stream, position, outbox, parked_event, sample_journal');
  await database.query(`UPDATE relay SET counters = '[]', in_flight = '[]'`);
});

/** An hour passes between two looks at the clock, so that everything is due. */
function watching(...invariants: readonly Invariant[]): InvariantWatch {
  let now = Date.now() - 3_600_000;
  const watch = invariantWatch({ url: database.url, service: 'test', invariants, now: () => (now += 3_600_000) });
  open.push(watch);
  return watch;
}

/** Subjects of every violation by invariant, without those that hold. */
async function found(watch: InvariantWatch, everything = true, standing: readonly string[] = []): Promise<Record<string, string[]>> {
  const states = (await watch.run({ everything, standing: new Set(standing) })) ?? [];
  expect(states.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  return subjects(states);
}

function subjects(states: readonly InvariantState[]): Record<string, string[]> {
  const violated = states.filter(({ violations }) => violations.length > 0);
  return Object.fromEntries(violated.map(({ name, violations }) => [name, violations.map(({ subject }) => subject).sort()]));
}

const stream = (id: string, version = 1, tenant = 'demo') =>
  database.query(`INSERT INTO stream VALUES ($1, 'thing', $2, $3, '{}')`, [tenant, id, version]);
const waiting = (n: number, recordedAt = 'now()') =>
  database.query(
    `INSERT INTO outbox (id, topic, partition, key, type, value, recorded_at) VALUES ($1, 'orders', 3, 'k', 't', 'v', ${recordedAt})`,
    [n],
  );
const ledger = (n: number, inFlight: readonly number[]) =>
  database.query('UPDATE relay SET counters = $1, in_flight = $2', [
    JSON.stringify([{ topic: 'orders', partition: 3, n }]),
    JSON.stringify(inFlight),
  ]);
const parked = (offset: number, code: string, parkedAt = 'now()') =>
  database.query(
    `INSERT INTO parked_event (consumer, topic, key, partition, record_offset, value, code, reason, parked_at)
     VALUES ('c', 'orders', 'demo/1', 0, $1, '', $2, 'r', ${parkedAt})`,
    [offset, code],
  );

describe('what holds in every department', () => {
  it('is broken nowhere in a healthy database', async () => {
    await stream('a');
    await waiting(1);
    await waiting(2);
    await ledger(8, [1, 7, 2, 8]);
    await database.query(`INSERT INTO position VALUES ('c', 'orders', 0, 10, 1, 10), ('c', 'raw', 0, 5, 0, 0)`);
    await parked(4, 'defect');
    await parked(6, 'follows');
    expect(await found(watching(...runtimeInvariants))).toEqual({});
  });

  it.each<[string, string, string, () => Promise<unknown>]>([
    ['outbox-is-sent', 'an event that nobody sends', 'outbox', () => waiting(1, `now() - interval '6 minutes'`)],
    ['numbers-given-out', 'a number above its counter', 'orders/3', () => waiting(1).then(() => ledger(6, [1, 7]))],
    [
      'numbers-given-out',
      'a number given out twice',
      'orders/3',
      async () => {
        await waiting(1);
        await waiting(2);
        await ledger(7, [1, 7, 2, 7]);
      },
    ],
    [
      'numbers-given-out',
      'a counter that is gone',
      'orders/3',
      async () => {
        await waiting(1);
        await ledger(7, [1, 7]);
        await database.query(`UPDATE relay SET counters = '[]'`);
      },
    ],
    [
      'positions-possible',
      'more numbers than records',
      'orders/0 of c',
      () => database.query(`INSERT INTO position VALUES ('c', 'orders', 0, 10, 1, 11)`),
    ],
    ['streams-have-versions', 'a stream without an event', 'demo/thing/a', () => stream('a', 0)],
    ['parked-in-order', 'a record that overtook another', 'orders demo/1', () => parked(6, 'defect').then(() => parked(4, 'follows'))],
    ['parked-for-a-reason', 'a follower without a first', 'orders demo/1', () => parked(6, 'follows')],
    ['parked-is-seen-to', 'a key parked for long', 'orders demo/1', () => parked(6, 'defect', `now() - interval '61 minutes'`)],
  ])('%s finds %s', async (name, _what, subject, corrupt) => {
    await corrupt();
    expect(await found(watching(...runtimeInvariants))).toEqual({ [name]: [subject] });
  });

  it('does not blame the outbox while the relay says why it stands still', async () => {
    await waiting(1, `now() - interval '6 minutes'`);
    const watch = watching(...runtimeInvariants);
    expect(await found(watch, true, ['relay'])).toEqual({});
    expect(await found(watch)).toEqual({ 'outbox-is-sent': ['outbox'] });
    expect(await found(watch, false, ['relay'])).toEqual({});
  });

  it('loses its row of the relay only once', async () => {
    const [row] = await database.query('DELETE FROM relay RETURNING generation, epoch, counters, in_flight');
    expect(await found(watching(...runtimeInvariants))).toEqual({ 'numbers-given-out': ['relay'] });
    await database.query('INSERT INTO relay (generation, epoch, counters, in_flight) VALUES ($1, $2, $3, $4)', Object.values(row ?? {}));
  });
});

const balanced: Invariant = {
  name: 'balanced',
  promise: 'Lines of a journal add up to zero.',
  check: {
    kind: 'rows',
    rows: { table: 'sample_journal', key: ['id'], since: `account >= to_char($1::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI')` },
    sql: (rows) =>
      `SELECT tenant || '/' || id AS subject, sum(amount)::text AS detail FROM ${rows} l GROUP BY tenant, id HAVING sum(amount) <> 0`,
  },
};

/** Journals of two lines; the account column holds when they were written. */
const journals = (tenant: string, count: number, at: string, amount = 5) =>
  database.query(
    `INSERT INTO sample_journal SELECT $1, $3 || n, line, $3, CASE line WHEN 1 THEN $4::numeric ELSE -5 END FROM generate_series(1, $2::integer) n, generate_series(1, 2) line`,
    [tenant, count, at, amount],
  );

describe('a walk through a large table', () => {
  it('goes through every tenant, cuts no journal in two, and finds what is wrong in the last of them', async () => {
    await journals('a', 12_345, '2020-01-01T00:00');
    await journals('b', 3, '2020-01-01T00:00');
    await journals('c', 7_001, '2020-01-01T00:00');
    const watch = watching(balanced);
    expect(await found(watch)).toEqual({});
    await journals('c', 1, '2020-02-02T00:00', 6);
    expect(await found(watch)).toEqual({ balanced: ['c/2020-02-02T00:001'] });
  });

  it('takes recent rows in between, keeps what it found, and forgets it once it is mended', async () => {
    await journals('a', 12_000, '2020-01-01T00:00');
    const watch = watching(balanced);
    expect(await found(watch)).toEqual({});
    const now = new Date().toISOString().slice(0, 16);
    await journals('z', 1, '2020-01-01T00:00', 6);
    await journals('z', 1, now, 6);
    // Two of three slices do not come as far as the last tenant.
    for (let round = 0; round < 2; round += 1) expect(await found(watch, false)).toEqual({ balanced: [`z/${now}1`] });
    await database.query('UPDATE sample_journal SET amount = 5 WHERE account = $1 AND line = 1', [now]);
    expect(await found(watch, false)).toEqual({ balanced: ['z/2020-01-01T00:001'] });
  });

  it('takes a slice at a time of what has no time, until it was everywhere', async () => {
    const { since: _none, ...rows } = (balanced.check as Extract<Invariant['check'], { kind: 'rows' }>).rows;
    const walked: Invariant = { ...balanced, check: { ...(balanced.check as Extract<Invariant['check'], { kind: 'rows' }>), rows } };
    await journals('a', 12_000, '2020-01-01T00:00');
    await journals('z', 1, '2020-01-01T00:00', 6);
    const watch = watching(walked);
    // 24,002 rows are three slices of 10,000.
    expect([await found(watch, false), await found(watch, false), await found(watch, false)]).toEqual([
      {},
      {},
      { balanced: ['z/2020-01-01T00:001'] },
    ]);
  });
});

describe('a watch', () => {
  const slow: Invariant = {
    name: 'slow',
    promise: 'Sleeps.',
    check: { kind: 'whole', sql: `SELECT 'x' AS subject, '' AS detail FROM pg_sleep(0.2)` },
  };

  it('is held by one replica at a time; another takes it over when it ends', async () => {
    const [first, second] = [watching(slow), watching(slow)];
    expect(await found(first)).toEqual({ slow: ['x'] });
    expect(await second.run({ everything: true, standing: new Set() })).toBeUndefined();
    await first.close();
    expect(await found(second)).toEqual({ slow: ['x'] });
  });

  it('asks what is slow more seldom', async () => {
    const watch = invariantWatch({ url: database.url, service: 'test', invariants: [slow] });
    open.push(watch);
    const [once] = (await watch.run({ everything: false, standing: new Set() })) ?? [];
    const [again] = (await watch.run({ everything: false, standing: new Set() })) ?? [];
    expect(once?.tookMs).toBeGreaterThan(150);
    expect(again?.checkedAt).toBe(once?.checkedAt);
  });

  it('goes on with the others when one cannot be asked, and says why', async () => {
    const broken: Invariant = { name: 'broken', promise: 'Is no SQL.', check: { kind: 'whole', sql: 'SELECT subject FROM nowhere' } };
    const states = await watching(broken, slow).run({ everything: true, standing: new Set() });
    expect(states?.map(({ name, failure, violations }) => [name, failure, violations.length])).toEqual([
      ['broken', 'relation "nowhere" does not exist', 0],
      ['slow', undefined, 1],
    ]);
  });

  it('ends at once, also in the middle of a query, and gives its lock back', async () => {
    const endless: Invariant = { ...slow, check: { kind: 'whole', sql: `SELECT 'x' AS subject, '' AS detail FROM pg_sleep(60)` } };
    const watch = watching(endless);
    const run = watch.run({ everything: true, standing: new Set() });
    run.catch(() => undefined);
    await until('the query runs', async () => {
      const [row] = await database.query(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()`,
      );
      return row?.['n'] === '1';
    });
    const before = performance.now();
    await watch.close();
    await expect(run).rejects.toThrow();
    expect(performance.now() - before).toBeLessThan(5_000);
    const next = watching(slow);
    await until('another takes over', () => next.run({ everything: true, standing: new Set() }));
  });

  it('can change nothing', async () => {
    const writing: Invariant = {
      name: 'writing',
      promise: 'Writes.',
      check: { kind: 'asked', find: async (ask) => (await ask(`DELETE FROM relay`)) as never },
    };
    const [state] = (await watching(writing).run({ everything: true, standing: new Set() })) ?? [];
    expect(state?.failure).toMatch(/read-only transaction/u);
  });

  it('rejects when its session is cut, and works again the next time', async () => {
    const watch = watching(slow);
    const run = watch.run({ everything: true, standing: new Set() });
    await database.query(`SELECT pg_sleep(0.1), (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())`);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(0.2)%' AND pid <> pg_backend_pid()`,
    );
    await expect(run).rejects.toThrow();
    expect(await found(watch)).toEqual({ slow: ['x'] });
  });
});
