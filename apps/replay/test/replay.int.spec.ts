import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { topics } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';
import { kafkaLog } from '@instep/event-log-kafka';
import { exportLog } from '@instep/lake/log';
import { dataSource, migrate } from '@instep/postgres';
import { askDatabase, askServer, databaseUrl, testDatabase, type TestDatabase } from '@instep/postgres/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { departments } from '../src/departments.ts';
import { runReplay } from '../src/index.ts';
import { JobStore } from '../src/job/job-store.ts';
import type { Job } from '../src/job/job.ts';
import { schemaOf } from '../src/run/schema-of.ts';
import { tables } from '../src/tables.ts';
import { companyAtWork, type Company } from '../src/testing/company.ts';

jest.setTimeout(300_000);

/** Whole events are copied here, people and all. */
const why = ['--reveal', 'a test'];
const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const lake = join(mkdtempSync(join(tmpdir(), 'replay-int-')), 'lake');
const sandboxes: string[] = [];
let company: Company;
let live: TestDatabase;

beforeAll(async () => {
  company = await companyAtWork(30);
  await exportLog(lake, company.log, Object.keys(topics), 100);
  live = await testDatabase();
  const source = dataSource({ url: live.url, service: 'inventory', ...tables.inventory });
  await migrate(source);
  await source.destroy();
});

afterAll(async () => {
  await live.drop();
  for (const name of sandboxes) await askServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  rmSync(join(lake, '..'), { recursive: true, force: true });
});

function brokers(): string {
  const given = process.env['KAFKA_BROKERS'];
  if (!given) throw new Error('KAFKA_BROKERS is not set: this spec needs a broker.');
  return given;
}

/** A hash of every table of a database. */
async function contentOf(url: string): Promise<Readonly<Record<string, string>>> {
  const names = await askDatabase(
    url,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' AND tablename <> 'migration' ORDER BY 1`,
  );
  const content: Record<string, string> = {};
  for (const { name } of names) {
    const [row] = await askDatabase(
      url,
      `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) AS content FROM ${String(name)} t`,
    );
    content[String(name)] = String(row?.['content']);
  }
  return content;
}

async function replay(...args: readonly string[]): Promise<void> {
  const said = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    await runReplay(args, { lake, brokers: brokers(), databaseUrl: live.url });
  } finally {
    said.mockRestore();
  }
}

/** The newest replay. */
function newest() {
  const [stored] = new JobStore(lake).all().slice(-1);
  if (!stored) throw new Error('no replay');
  if (stored.job.target.kind === 'sandbox') sandboxes.push(stored.job.target.database);
  return stored;
}

function sandboxUrl({ target }: Job): string {
  return databaseUrl(target.kind === 'sandbox' ? target.database : '');
}

describe('a replay into a sandbox', () => {
  it('folds what the departments have, into a database of its own, and speaks to nothing else', async () => {
    const before = await contentOf(live.url);
    const asked = new Set<string>();
    const original = Socket.prototype.connect;
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
      asked.add(String(portOf(args)));
      return Reflect.apply(original, this, args) as Socket;
    };
    try {
      await replay('run', ...why, '--no-log', '--to', 'sandbox', '--yes');
    } finally {
      Socket.prototype.connect = original;
    }
    expect([...asked]).toEqual([new URL(live.url).port]);
    expect(await contentOf(live.url)).toEqual(before);

    const { job, progress } = newest();
    expect(progress.state).toBe('done');
    const content = await contentOf(sandboxUrl(job));
    for (const [service, definition] of departments()) {
      const schema = schemaOf(service);
      expect(content[`${schema}.outbox`]).toMatch(/^0 /);
      const store = company.stores.get(service);
      expect(content[`${schema}.stream`]).toMatch(new RegExp(`^${String(store?.streams().length)} `));
      for (const { table } of definition.projections)
        expect([table.name, content[`${schema}.${table.name}`]?.split(' ')[0]]).toEqual([
          table.name,
          String(store?.rows(table.name).length),
        ]);
    }
  });

  it('has the same rows after it was killed in the middle', async () => {
    await replay('run', ...why, '--no-log', '--services', 'order-intake,inventory,finance', '--to', 'sandbox', '--yes');
    const whole = newest().job;
    const environment = { ...process.env, LAKE_FOLDER: lake, DATABASE_URL: live.url, NODE_OPTIONS: '' };
    const args = ['--no-log', '--services', 'order-intake,inventory,finance', '--to', 'sandbox', '--rate', '1500', '--yes'];
    const child = spawn(process.execPath, ['--conditions=instep-source', program, 'run', ...why, ...args], {
      env: environment,
      stdio: 'ignore',
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await until(() => Object.keys(new JobStore(lake).all().at(-1)?.progress.checkpoint.mark ?? {}).length === 1);
    child.kill('SIGKILL');
    await ended;
    const { job, progress } = newest();
    expect(progress.state).toBe('running');
    await replay('resume', job.id);
    expect(await contentOf(sandboxUrl(job))).toEqual(await contentOf(sandboxUrl(whole)));
  });

  it('is removed with its replay, and when its time is over', async () => {
    await replay('run', ...why, '--no-log', '--services', 'crm', '--to', 'sandbox', '--keep', '0.000001', '--yes');
    const { job } = newest();
    const there = async (): Promise<number> => (await askServer(`SELECT 1 FROM pg_database WHERE datname = 'sim_${job.id}'`)).length;
    expect(await there()).toBe(1);
    await replay('list');
    expect(await there()).toBe(0);
  });
});

describe('a replay into a topic', () => {
  it('copies each record once, also when it is killed in the middle', async () => {
    const topic = `replay-copy-${randomUUID()}`;
    const environment = { ...process.env, LAKE_FOLDER: lake, NODE_OPTIONS: '' };
    const args = ['--no-log', '--topics', 'orders', '--to', `topic:${topic}`, '--rate', '60', '--yes'];
    const child = spawn(process.execPath, ['--conditions=instep-source', program, 'run', ...why, ...args], {
      env: environment,
      stdio: 'ignore',
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await until(() => (new JobStore(lake).all().at(-1)?.progress.checkpoint.events ?? 0) > 0 && newest().job.target.kind === 'topic');
    child.kill('SIGKILL');
    await ended;
    const { job } = newest();
    // As fast as it goes from here on.
    await replay('resume', job.id);
    const log = kafkaLog({ brokers: brokers().split(','), clientId: 'replay-test' });
    for (const { partition } of await log.bounds(topic)) {
      const copies: LogRecord[] = [];
      for await (const batch of log.read({ topic, partition }, 0, Number.MAX_SAFE_INTEGER)) copies.push(...batch);
      const content = (each: LogRecord) => [each.key, each.type, each.sequence, each.value.toString()];
      expect(copies.map(content)).toEqual(company.log.records({ topic: 'orders', partition }).map(content));
    }
    await log.close();
    expect(new JobStore(lake).get(job.id).progress.state).toBe('done');
  });
});

function portOf(args: readonly unknown[]): unknown {
  const [first] = args.flat() as readonly unknown[];
  return typeof first === 'object' && first !== null ? (first as { readonly port?: unknown }).port : first;
}

async function until(look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    if (look()) return;
    await pause(5);
  }
  throw new Error('waited in vain');
}
