import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { topics } from '@instep/contracts';
import { rebuild } from '@instep/department';
import { openLakeLog, exportLog, type LakeLog } from '@instep/lake/log';
import { dataSource, migrate, postgresStore } from '@instep/postgres';
import { testDatabase, type TestDatabase } from '@instep/postgres/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { departments } from '../src/departments.ts';
import { buildView, compareBuilt, rollBack, switchTo } from '../src/new-view/new-view.ts';
import { viewTarget } from '../src/new-view/view-target.ts';
import { tables } from '../src/tables.ts';
import { companyAtWork } from '../src/testing/company.ts';

jest.setTimeout(120_000);

type Service = 'crm' | 'inventory' | 'hr';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const killedBuild = fileURLToPath(new URL('../src/testing/killed-build.ts', import.meta.url));
const lake = join(mkdtempSync(join(tmpdir(), 'new-view-')), 'lake');
const databases = new Map<Service, TestDatabase>();
let log: LakeLog;
let queries: ReturnType<typeof dataSource>;

function databaseOf(service: Service): TestDatabase {
  const database = databases.get(service);
  if (!database) throw new Error(`no ${service}`);
  return database;
}

/** What the service itself made of the log, in its own tables. */
async function live(service: Service): Promise<void> {
  const database = await testDatabase();
  databases.set(service, database);
  const connection = { url: database.url, service };
  const source = dataSource({ ...connection, ...tables[service] });
  await migrate(source);
  await source.destroy();
  const definition = departments().get(service);
  if (!definition) throw new Error(`no ${service}`);
  const store = postgresStore({ ...connection, tables: tables[service].entities });
  await rebuild({ definition, log, store }).advance();
  await store.close();
}

beforeAll(async () => {
  const company = await companyAtWork(20);
  await exportLog(lake, company.log, Object.keys(topics), 100);
  log = await openLakeLog({ folder: lake });
  await live('crm');
  await live('inventory');
  await live('hr');
  queries = dataSource({ url: databaseOf('crm').url, service: 'crm', ...tables.crm, readsSwitchedViews: true });
  await queries.initialize();
});

afterAll(async () => {
  await queries.destroy();
  await log.close();
  for (const database of databases.values()) await database.drop();
  rmSync(join(lake, '..'), { recursive: true });
});

const orders = () => viewTarget('crm', 'customer_order', 2, databaseOf('crm').url);

/** Total of all orders, as the query side sees it. */
async function total(): Promise<number> {
  const [row] = await queries.query<{ total: string }[]>('SELECT sum(total)::text AS total FROM customer_order');
  return Number(row?.total);
}

/** Asks again and again until `work` has ended; every answer, and no error. */
async function readMeanwhile<Result>(work: () => Promise<Result>): Promise<{ result: Result; seen: ReadonlySet<number> }> {
  const seen = new Set<number>();
  const reader = { ended: false };
  const reading = (async () => {
    do seen.add(await total());
    while (!reader.ended);
  })();
  try {
    return { result: await work(), seen };
  } finally {
    reader.ended = true;
    await reading;
  }
}

/** Why a build in a process of its own ended: it is killed after its first batch, if there is one. */
async function builtUntilKilled(service: Service, table: string): Promise<unknown> {
  const child = spawn(process.execPath, ['--conditions=instep-source', killedBuild, lake, databaseOf(service).url, service, table], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal ?? code;
}

describe('the next version of a view', () => {
  it('goes on where its build was killed, while the one before is read', async () => {
    const before = await total();
    expect(await builtUntilKilled('crm', 'customer_order')).toBe('SIGKILL');
    const [left] = await databaseOf('crm').query('SELECT sum(next_offset)::int AS read FROM view_customer_order_v2.position');
    expect(left?.['read']).toBeGreaterThan(0);
    let folded = 0;
    const { seen } = await readMeanwhile(() => buildView(orders(), { log, progress: (done) => (folded = done) }));
    const [read] = await databaseOf('crm').query('SELECT sum(next_offset)::int AS read FROM view_customer_order_v2.position');
    expect(folded).toBe(Number(read?.['read']) - Number(left?.['read']));
    expect([...seen]).toEqual([before]);
    expect(await compareBuilt(orders(), { log }, [])).toMatchObject({ equal: true, sums: [], table: { different: 0 } });
  });

  it('is refused while it says something else', async () => {
    const before = await total();
    await databaseOf('crm').query('UPDATE view_customer_order_v2.customer_order SET total = total + 1');
    const refused = switchTo(orders(), { log }, []);
    await expect(refused).rejects.toMatchObject({
      code: 'replay/comparison-red',
      message: expect.stringContaining('Nothing was switched'),
    });
    expect(await total()).toBe(before);
  });

  it('is read from one moment on, by one row, and no longer after another', async () => {
    const before = await total();
    const [rows] = await databaseOf('crm').query('SELECT count(*)::int AS n FROM customer_order');
    const after = before + Number(rows?.['n']);
    // The new version is meant to say something else in this column.
    const { seen } = await readMeanwhile(async () => {
      expect((await switchTo(orders(), { log }, ['total'])).left).toEqual(['total']);
      expect(await total()).toBe(after);
      await rollBack(orders());
      expect(await total()).toBe(before);
      for (let times = 0; times < 10; times += 1) {
        await switchTo(orders(), { log }, ['total']);
        await rollBack(orders());
      }
    });
    expect([...seen].sort((a, b) => a - b)).toEqual([before, after]);
    expect(await databaseOf('crm').query('SELECT view, version FROM reading.view_route')).toEqual([{ view: 'customer_order', version: 1 }]);
  });

  it('may be a table of the department’s own streams', async () => {
    const stock = viewTarget('inventory', 'stock_level', 2, databaseOf('inventory').url);
    await buildView(stock, { log });
    const { equal, table } = await compareBuilt(stock, { log }, []);
    expect([equal, table.live.rows]).toEqual([true, table.rebuilt.rows]);
    expect(table.rebuilt.rows).toBeGreaterThan(0);
    await switchTo(stock, { log }, []);
  });

  it.each([
    ['inventory', 'reservation_line'],
    ['hr', 'commission_entry'],
  ] as const)('of the own streams of %s is whole although its build was killed after every batch: %s', async (service, name) => {
    let kills = 0;
    let end = await builtUntilKilled(service, name);
    for (; end === 'SIGKILL'; end = await builtUntilKilled(service, name)) kills += 1;
    expect(end).toBe(0);
    expect(kills).toBeGreaterThan(1);
    const view = viewTarget(service, name, 2, databaseOf(service).url);
    const { equal, table } = await compareBuilt(view, { log }, []);
    expect([equal, table.rebuilt.rows]).toEqual([true, table.live.rows]);
    expect(table.rebuilt.rows).toBeGreaterThan(0);
  });

  it('names what is not there', async () => {
    await expect(switchTo(viewTarget('crm', 'customer', 7, databaseOf('crm').url), { log }, [])).rejects.toThrow(
      'There is no version 7 of customer',
    );
    expect(() => viewTarget('crm', 'customers', 2, '')).toThrow('crm has no table "customers": it has customer,');
    expect(() => viewTarget('crm', 'customer', 1, '')).toThrow('number yours from 2');
  });
});

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run replay -- …` */
function replay(...args: readonly string[]): Said {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=instep-source', '--disable-warning=ExperimentalWarning', program, ...args],
    { env: { PATH: process.env['PATH'], LAKE_FOLDER: lake }, encoding: 'utf8' },
  );
  return { code: status ?? -1, stdout, stderr };
}

/** Of the hr department, whose table `commission_entry` is built. */
function view(command: string, ...args: readonly string[]): Said {
  const table = command === 'list' ? [] : ['commission_entry'];
  return replay('view', command, 'hr', ...table, '--database', databaseOf('hr').url, ...args);
}

describe('npm run replay -- view', () => {
  it('cannot compare or switch to what is not built, and says how it is', () => {
    for (const command of ['compare', 'switch']) {
      expect(view(command, '--to', '3')).toEqual({
        code: 1,
        stdout: '',
        stderr: 'There is no version 3 of commission_entry of hr: npm run replay -- view build makes it.\n',
      });
    }
  });

  it('says that there is no such database, and not that nothing is built in it', () => {
    const elsewhere = new URL(databaseOf('hr').url);
    elsewhere.pathname = '/no_such_database';
    const { code, stderr } = replay('view', 'compare', 'hr', 'commission_entry', '--to', '3', '--database', elsewhere.href);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`The database ${elsewhere.host}/no_such_database cannot be used`)]);
  });

  it('builds a version beside the one that is read, and compares the two', () => {
    expect(view('build', '--to', '3')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^version 3 of commission_entry is built: \d/),
    });
    const { code, stdout } = view('compare', '--to', '3');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/green: they say the same\n$/)]);
    expect(view('list')).toMatchObject({ code: 0, stdout: 'hr reads what it keeps itself: nothing was switched.\n' });
  });

  it('refuses the switch while the comparison is red, in a sentence and with exit code 1', async () => {
    await databaseOf('hr').query(`UPDATE view_commission_entry_v3.commission_entry SET currency = 'EUR'`);
    const { code, stdout } = view('compare', '--to', '3');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/differs\n(.*\n)+red: they do not say the same\n$/)]);
    const refused = view('switch', '--to', '3');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^Version 3 of commission_entry is not what is read now: \d+ rows differ, such as .* \(differs\)\. Nothing was switched; columns that are meant to differ are named with --except\.\n$/,
    );
    expect(view('list').stdout).toContain('nothing was switched');
  });

  it('switches where the difference is meant, lists it, and goes back', async () => {
    const switched = view('switch', '--to', '3', '--except', 'currency');
    expect(switched).toMatchObject({ code: 0, stdout: expect.stringMatching(/; not compared: currency\ngreen: they say the same\n/) });
    expect(switched.stdout).toMatch(/\nhr reads version 3 of commission_entry now; .* view rollback hr commission_entry goes back\n$/);
    const reader = dataSource({ url: databaseOf('hr').url, service: 'hr', ...tables.hr, readsSwitchedViews: true });
    await reader.initialize();
    const currencies = (): Promise<unknown> => reader.query('SELECT DISTINCT currency FROM commission_entry');
    try {
      expect(await currencies()).toEqual([{ currency: 'EUR' }]);
      expect(view('list').stdout).toMatch(/commission_entry +│ 3 +│ view_commission_entry_v3 +│ 20\d\d-/);
      expect(view('rollback')).toEqual({ code: 0, stdout: 'hr reads version 1 of commission_entry again\n', stderr: '' });
      expect(await currencies()).toEqual([{ currency: 'USD' }]);
      expect(view('list').stdout).toMatch(/commission_entry +│ 1 +│ public +│/);
    } finally {
      await reader.destroy();
    }
  });

  it.each([
    ['no department', ['list', 'kitchen', '--database', 'postgres://127.0.0.1:1/x'], 'There is no department "kitchen": there are '],
    ['no database', ['list', 'hr'], 'No database: begin with npm start, or name the server with DATABASE_URL.'],
    [
      'a database that is away',
      ['list', 'hr', '--database', 'postgres://127.0.0.1:1/x'],
      'The database 127.0.0.1:1/x cannot be used (connect ECONNREFUSED 127.0.0.1:1): begin with npm start',
    ],
    ['no version', ['build', 'hr', 'employee', '--to', '1', '--database', 'postgres://127.0.0.1:1/x'], 'number yours from 2.'],
  ])('names what is not there: %s', (_, args, sentence) => {
    expect(replay('view', ...args)).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(sentence) });
  });
});
