import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { encodeEvent, topics, type CloudEvent } from '@instep/contracts';
import { inMemoryLog, type InMemoryLog, type LogRecord } from '@instep/event-log';
import { exportLog } from '@instep/lake/log';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { runReplay } from '../src/index.ts';
import { companyAtWork } from '../src/testing/company.ts';

// Processes are started and killed here; a busy machine takes its time.
jest.setTimeout(300_000);

/** Whole events are copied here, people and all. */
const why = ['--reveal', 'a test'];
const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'replay-'));
const lake = join(scratch, 'lake');
let log: InMemoryLog;
let printed = '';

beforeAll(async () => {
  ({ log } = await companyAtWork(30));
  await exportLog(lake, log, Object.keys(topics), 100);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed += String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((printed += String(text)), true));
});

afterAll(() => {
  jest.restoreAllMocks();
  rmSync(scratch, { recursive: true, force: true });
});

async function replay(...args: readonly string[]): Promise<string> {
  printed = '';
  await runReplay(args, { lake, brokers: undefined, databaseUrl: undefined });
  return printed;
}

function records(topic: string): readonly LogRecord[] {
  const { partitions } = topics[topic as keyof typeof topics];
  return Array.from({ length: partitions }, (_, partition) => log.records({ topic, partition })).flat();
}

function linesOf(path: string): readonly Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function eventsOf(path: string): readonly unknown[] {
  return linesOf(path).map(({ event }) => event);
}

describe('a replay into a file', () => {
  it('says first what it would do, and then does nothing else', async () => {
    const file = join(scratch, 'planned.ndjson');
    const said = await replay('plan', '--topics', 'orders', '--to', `file:${file}`);
    expect(said).toContain(`${String(records('orders').length)} events,`);
    expect(existsSync(file)).toBe(false);
    await replay('run', ...why, '--topics', 'orders', '--to', `file:${file}`);
    expect(printed).toContain('Nothing was replayed: add --yes');
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    expect(existsSync(file)).toBe(false);
  });

  it('gives each event with the bytes that it has in the log', async () => {
    const file = join(scratch, 'orders.ndjson');
    await replay('run', ...why, '--topics', 'orders,raw.shopify', '--to', `file:${file}`, '--yes');
    const wanted = [...records('orders'), ...records('raw.shopify')];
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(wanted.length);
    wanted.forEach(({ value, offset, key, sequence }, at) => {
      const text = value.toString();
      // One of them was cut off, and is no JSON.
      const content = text.endsWith('}') ? `"event":${text}` : `"value":"${value.toString('base64')}"`;
      expect(lines[at]?.endsWith(`,${content}}`)).toBe(true);
      expect(JSON.parse(lines[at] ?? '')).toMatchObject({ offset, key, sequence: sequence ?? null });
    });
  });

  it('copies what tells of people only with a reason, which it writes down', async () => {
    const file = join(scratch, 'people.ndjson');
    expect(await replay('run', '--topics', 'orders', '--to', `file:${file}`, '--yes')).toContain('say why with --reveal <why>');
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    expect(existsSync(file)).toBe(false);
    await replay('run', '--topics', 'orders', '--to', `file:${file}`, '--reveal', 'request 4711', '--yes');
    expect(existsSync(file)).toBe(true);
    expect(linesOf(join(lake, 'reveals.ndjson')).at(-1)).toMatchObject({
      why: 'request 4711',
      sql: expect.stringContaining(file),
    });
  });

  it('copies what tells of nobody without one', async () => {
    const file = join(scratch, 'paid.ndjson');
    await replay('run', '--types', 'order.paid', '--to', `file:${file}`, '--yes');
    expect(eventsOf(file).length).toBeGreaterThan(0);
  });

  it('names the file of the lake in which one bit is another, and makes nothing of it', async () => {
    const copy = join(scratch, 'damaged');
    cpSync(lake, copy, { recursive: true });
    const folder = join(copy, 'topic=orders', 'p=000');
    const name = readdirSync(folder).find((each) => each.endsWith('.parquet')) ?? '';
    const bytes = readFileSync(join(folder, name));
    const middle = Math.floor(bytes.length / 2);
    writeFileSync(join(folder, name), bytes.with(middle, (bytes[middle] ?? 0) ^ 8));
    const file = join(scratch, 'of-damaged.ndjson');
    printed = '';
    await runReplay(['run', ...why, '--topics', 'orders', '--to', `file:${file}`, '--yes'], {
      lake: copy,
      brokers: undefined,
      databaseUrl: undefined,
    });
    expect(printed).toContain(`topic=orders/p=000/${name} is damaged, its bytes are not those that were written`);
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    expect(existsSync(file)).toBe(false);
  });

  it('chooses by type, tenant, key, time and offset', async () => {
    const all = records('orders');
    const middle = JSON.parse(all[Math.floor(all.length / 2)]?.value.toString() ?? '') as CloudEvent;
    const chosen = async (name: string, ...options: readonly string[]): Promise<readonly unknown[]> => {
      const file = join(scratch, `${name}.ndjson`);
      await replay('run', ...why, ...options, '--to', `file:${file}`, '--yes');
      return eventsOf(file);
    };
    const events = all.map(({ value }) => JSON.parse(value.toString()) as CloudEvent);
    expect(await chosen('types', '--types', 'order.paid')).toEqual(events.filter(({ type }) => type === 'order.paid'));
    expect(await chosen('key', '--topics', 'orders', '--keys', middle.subject)).toEqual(
      events.filter(({ subject }) => subject === middle.subject),
    );
    expect(await chosen('tenant', '--topics', 'orders', '--tenants', 'demo')).toEqual(events.filter(({ tenant }) => tenant === 'demo'));
    expect(await chosen('since', '--topics', 'orders', '--since', middle.recordedtime)).toEqual(
      events.filter(({ recordedtime }) => recordedtime >= middle.recordedtime),
    );
    expect(await chosen('until', '--topics', 'orders', '--until', middle.recordedtime)).toEqual(
      events.filter(({ recordedtime }) => recordedtime < middle.recordedtime),
    );
    const [third, fourth] = all.filter(({ partition }) => partition === 1).slice(2, 4);
    expect(await chosen('offsets', '--offsets', 'orders/1:2-3')).toEqual(
      [third, fourth].map((each) => JSON.parse(each?.value.toString() ?? '') as unknown),
    );
  });

  it('makes rows of it', async () => {
    const file = join(scratch, 'orders.parquet');
    await replay('run', ...why, '--topics', 'orders', '--to', `file:${file}`, '--yes');
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create()).connect();
    const read = await connection.runAndReadAll(`SELECT event FROM '${file}' ORDER BY p, off`);
    expect(read.getRowsJson().flat()).toEqual(records('orders').map(({ value }) => value.toString()));
  });

  it.each([
    [
      'a target that is there',
      ['--to', `file:${join(scratch, 'there.ndjson')}`],
      /exists already, and a replay never writes over anything/,
    ],
    ['a topic of the contracts', ['--to', 'topic:orders'], /is a topic of the contracts/],
    [
      'an unknown event',
      ['--types', 'order.eaten', '--to', `file:${join(scratch, 'x.ndjson')}`],
      /No contract names an event "order.eaten"/,
    ],
    ['an unknown topic', ['--topics', 'pancakes', '--to', `file:${join(scratch, 'x.ndjson')}`], /There is no topic "pancakes"/],
    [
      'offsets that are not there',
      ['--offsets', 'orders/0:5-99999', '--to', `file:${join(scratch, 'x.ndjson')}`],
      /orders\/0 holds offsets 0 to/,
    ],
    ['a file without a format', ['--to', `file:${join(scratch, 'x.doc')}`], /says no format/],
    ['a part of what a sandbox needs', ['--to', 'sandbox', '--topics', 'orders'], /takes --until and --services/],
    ['a lake that is not there', ['--lake', join(scratch, 'nowhere'), '--to', `file:${join(scratch, 'x.ndjson')}`], /There is no lake in/],
    ['another kind of target', ['--to', 'kitchen'], /is no target/],
  ])('refuses %s in a sentence', async (_, options, sentence) => {
    writeFileSync(join(scratch, 'there.ndjson'), '');
    expect(await replay('run', ...why, ...options, '--yes')).toMatch(sentence);
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    expect(existsSync(join(scratch, 'x.ndjson'))).toBe(false);
  });

  it('names events that this release does not know, and keeps them as they are', async () => {
    const newer = inMemoryLog({ topics: { orders: 6 } });
    const placed = records('orders').find(({ type }) => type === 'order.placed');
    const event = { ...(JSON.parse(placed?.value.toString() ?? '') as CloudEvent), dataschema: 'order.placed/77' };
    await newer.append({ topic: 'orders', partition: 0 }, [
      { key: 'demo/1', type: event.type, sequence: undefined, value: Buffer.from(encodeEvent(event)) },
    ]);
    const other = join(scratch, 'newer');
    await exportLog(other, newer, ['orders']);
    const file = join(scratch, 'newer.ndjson');
    expect(await replay('run', ...why, '--lake', other, '--to', `file:${file}`, '--yes')).toContain('does not know order.placed/77');
    expect(eventsOf(file)).toEqual([event]);
  });
});

describe('a replay that is interrupted', () => {
  const environment = { ...process.env, LAKE_FOLDER: lake, KAFKA_BROKERS: '', DATABASE_URL: '', NODE_OPTIONS: '' };
  const nodeArgs = ['--conditions=instep-source', program];

  /** Runs the program and kills it as soon as so much of the file is written. */
  async function killed(args: readonly string[], whenBytes: number): Promise<void> {
    const child = spawn(process.execPath, [...nodeArgs, ...args], { env: environment, stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const deadline = Date.now() + 60_000;
    while (child.exitCode === null && partSize() < whenBytes && Date.now() < deadline) await pause(2);
    child.kill('SIGKILL');
    await ended;
  }

  function partSize(): number {
    const part = readdirSync(scratch).find((name) => name.startsWith('.killed.ndjson'));
    return part === undefined ? 0 : readFileSync(join(scratch, part)).length;
  }

  it('gives the same bytes after five kills as undisturbed', async () => {
    const [whole, file] = [join(scratch, 'whole.ndjson'), join(scratch, 'killed.ndjson')];
    await replay('run', ...why, '--to', `file:${whole}`, '--yes');
    const total = readFileSync(whole).length;
    // Slow enough to be hit in the middle.
    await killed(['run', ...why, '--to', `file:${file}`, '--rate', '400', '--yes'], 1);
    const id = /\.killed\.ndjson\.(r[a-z0-9]+)\.part/.exec(readdirSync(scratch).join(' '))?.[1] ?? '';
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
      expect(existsSync(file)).toBe(false);
      await killed(['resume', id], share * total);
    }
    // Not from the begin: the runs before have left their mark.
    expect(await replay('status', id)).toMatch(/cut off, [1-9]\d? %/);
    await replay('resume', id);
    expect(hashOf(file)).toBe(hashOf(whole));
    expect(await replay('list')).toMatch(new RegExp(`${id}.*done.*100 %`));
    expect(await replay('resume', id)).toContain('there is nothing to resume');
    process.exitCode = 0;
  });

  it('can be paused, resumed and cancelled from beside', async () => {
    const file = join(scratch, 'paused.ndjson');
    const running = replay('run', ...why, '--topics', 'orders', '--to', `file:${file}`, '--rate', '100', '--yes');
    const id = await until(() => /\.paused\.ndjson\.(r[a-z0-9]+)\.part/.exec(readdirSync(scratch).join(' '))?.[1]);
    await replay('pause', id);
    await running;
    expect(await replay('status', id)).toMatch(/paused/);
    await replay('resume', id);
    expect(eventsOf(file)).toHaveLength(records('orders').length);

    const other = join(scratch, 'cancelled.ndjson');
    const second = replay('run', ...why, '--topics', 'orders', '--to', `file:${other}`, '--rate', '100', '--yes');
    const cancelled = await until(() => /\.cancelled\.ndjson\.(r[a-z0-9]+)\.part/.exec(readdirSync(scratch).join(' '))?.[1]);
    await replay('cancel', cancelled);
    await second;
    expect(readdirSync(scratch).filter((name) => name.includes('cancelled'))).toEqual([]);
    expect(await replay('resume', cancelled)).toContain('there is nothing to resume');
    process.exitCode = 0;
  });

  it('says that the disk is full, leaves nothing half done, and goes on when there is room', async () => {
    const file = join(scratch, 'full.ndjson');
    const args = [...nodeArgs, 'run', ...why, '--to', `file:${file}`, '--yes'].map((each) => `'${each}'`).join(' ');
    const { stderr, status } = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 200; '${process.execPath}' ${args}`], {
      env: environment,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/The disk of .* is full\. .* then resume the replay/);
    expect(status).toBe(1);
    expect(existsSync(file)).toBe(false);
    const id = /\.full\.ndjson\.(r[a-z0-9]+)\.part/.exec(readdirSync(scratch).join(' '))?.[1] ?? '';
    expect(await replay('status', id)).toMatch(/failed/);
    await replay('resume', id);
    expect(hashOf(file)).toBe(hashOf(join(scratch, 'whole.ndjson')));
  });
});

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function until(look: () => string | undefined): Promise<string> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await pause(5);
  }
  throw new Error('waited in vain');
}
