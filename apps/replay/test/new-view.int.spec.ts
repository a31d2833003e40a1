import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { topics } from '@instep/contracts';
import { rebuild } from '@instep/department';
import { openLakeLog, exportLog, type LakeLog } from '@instep/lake/log';
import { dataSource, migrate, postgresStore } from '@instep/postgres';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';

import { departments } from '../src/departments.ts';
import { buildView, compareBuilt, rollBack, switchTo } from '../src/new-view/new-view.ts';
import { viewTarget } from '../src/new-view/view-target.ts';
import { tables } from '../src/tables.ts';
import { companyAtWork } from '../src/testing/company.ts';

jest.setTimeout(120_000);

type Service = 'crm' | 'inventory';

const killedBuild = fileURLToPath(new URL('../src/testing/killed-build.ts', import.meta.url));
const lake = join(mkdtempSync(join(tmpdir(), 'new-view-')), 'lake');
const names = { crm: `view_crm_${randomUUID().slice(0, 8)}`, inventory: `view_inventory_${randomUUID().slice(0, 8)}` };
let log: LakeLog;
let queries: ReturnType<typeof dataSource>;

function urlOf(database?: string): string {
  const given = process.env['DATABASE_URL'];
  if (!given) throw new Error('DATABASE_URL is not set: this spec needs a database.');
  const url = new URL(given);
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** What the service itself made of the log, in its own tables. */
async function live(service: Service): Promise<void> {
  await query(urlOf(), `CREATE DATABASE ${names[service]}`);
  const connection = { url: urlOf(names[service]), service };
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
  queries = dataSource({ url: urlOf(names.crm), service: 'crm', ...tables.crm, readsSwitchedViews: true });
  await queries.initialize();
});

afterAll(async () => {
  await queries.destroy();
  await log.close();
  for (const name of Object.values(names)) await query(urlOf(), `DROP DATABASE ${name} WITH (FORCE)`);
  rmSync(join(lake, '..'), { recursive: true });
});

const orders = () => viewTarget('crm', 'customer_order', 2, urlOf(names.crm));

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

describe('the next version of a view', () => {
  it('goes on where its build was killed, while the one before is read', async () => {
    const before = await total();
    const child = spawn(process.execPath, ['--conditions=instep-source', killedBuild, lake, urlOf(names.crm), 'crm', 'customer_order'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
    const [left] = await query(urlOf(names.crm), 'SELECT sum(next_offset)::int AS read FROM view_customer_order_v2.position');
    expect(left?.['read']).toBeGreaterThan(0);
    let folded = 0;
    const { seen } = await readMeanwhile(() => buildView(orders(), { log, progress: (done) => (folded = done) }));
    const [read] = await query(urlOf(names.crm), 'SELECT sum(next_offset)::int AS read FROM view_customer_order_v2.position');
    expect(folded).toBe(Number(read?.['read']) - Number(left?.['read']));
    expect([...seen]).toEqual([before]);
    expect(await compareBuilt(orders(), { log }, [])).toMatchObject({ equal: true, sums: [], table: { different: 0 } });
  });

  it('is refused while it says something else', async () => {
    const before = await total();
    await query(urlOf(names.crm), 'UPDATE view_customer_order_v2.customer_order SET total = total + 1');
    const refused = switchTo(orders(), { log }, []);
    await expect(refused).rejects.toMatchObject({
      code: 'replay/comparison-red',
      message: expect.stringContaining('Nothing was switched'),
    });
    expect(await total()).toBe(before);
  });

  it('is read from one moment on, by one row, and no longer after another', async () => {
    const before = await total();
    const [rows] = await query(urlOf(names.crm), 'SELECT count(*)::int AS n FROM customer_order');
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
    expect(await query(urlOf(names.crm), 'SELECT view, version FROM reading.view_route')).toEqual([{ view: 'customer_order', version: 1 }]);
  });

  it('may be a table of the department’s own streams', async () => {
    const stock = viewTarget('inventory', 'stock_level', 2, urlOf(names.inventory));
    await buildView(stock, { log });
    const { equal, table } = await compareBuilt(stock, { log }, []);
    expect([equal, table.live.rows]).toEqual([true, table.rebuilt.rows]);
    expect(table.rebuilt.rows).toBeGreaterThan(0);
    await switchTo(stock, { log }, []);
  });

  it('names what is not there', async () => {
    await expect(switchTo(viewTarget('crm', 'customer', 7, urlOf(names.crm)), { log }, [])).rejects.toThrow(
      'There is no version 7 of customer',
    );
    expect(() => viewTarget('crm', 'customers', 2, '')).toThrow('crm has no table "customers": it has customer,');
    expect(() => viewTarget('crm', 'customer', 1, '')).toThrow('number yours from 2');
  });
});
