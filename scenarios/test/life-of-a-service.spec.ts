import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { topics } from '@instep/contracts';
import type { ServiceName } from '@instep/contracts';
import { kafkaTool } from '@instep/embedded-kafka';
import { startPlatform, startService, toolchainDir } from '@instep/platform';
import type { Platform, Service } from '@instep/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { freePort, gateTo, holdPort } from '../src/gate.ts';
import type { Gate } from '../src/gate.ts';
import { until } from '../src/until.ts';

const secret = 'planted-7f3a9c';
const deadlineMs = 8_000;

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly reason?: string;
  readonly tookMs?: number;
  readonly variables?: readonly string[];
}

let platform: Platform;
let dataDir: string;
const databases = new Map<string, string>();
const running: Service[] = [];
const gates: Gate[] = [];
let started = 0;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'instep-life-'));
  platform = await startPlatform({ dataDir, profile: 'test', environment: {} });
  for (const name of ['finance', 'inventory', 'order_intake']) databases.set(name, withPassword(await platform.createDatabase(name)));
}, 120_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
  await Promise.all(gates.splice(0).map((gate) => gate.close()));
}, 60_000);
afterAll(async () => {
  await (platform as Platform | undefined)?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

/** The server takes any password: what matters is where it turns up. */
function withPassword(url: string): string {
  const address = new URL(url);
  address.password = secret;
  return address.href;
}

function databaseOf(name: ServiceName): string {
  const url = databases.get(name.replaceAll('-', '_'));
  if (url === undefined) throw new Error(`no database for ${name}`);
  return url;
}

interface Start {
  readonly port?: number;
  readonly brokers?: string;
  readonly databaseUrl?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

async function start(name: ServiceName, { port, brokers, databaseUrl, environment }: Start = {}): Promise<Service> {
  started += 1;
  const service = await startService({
    name,
    port: port ?? (await freePort()),
    brokers: brokers ?? platform.brokers,
    databaseUrl: databaseUrl ?? databaseOf(name),
    logFile: join(dataDir, `${name}-${String(started)}.log`),
    environment: { SHUTDOWN_DEADLINE_MS: String(deadlineMs), ...environment },
  });
  running.push(service);
  return service;
}

async function gate(address: string): Promise<{ readonly gate: Gate; readonly address: string }> {
  const made = await gateTo(Number(address.split(':').at(-1)));
  gates.push(made);
  return { gate: made, address: `127.0.0.1:${String(made.port)}` };
}

function linesOf({ logFile }: Service): readonly Line[] {
  return readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

async function readiness(service: Service): Promise<{ readonly status: string; readonly troubles: readonly string[] }> {
  return (await (await fetch(`${service.url}/health/ready`)).json()) as never;
}

/** SIGTERM; resolves with how it ended and how long that took. */
async function terminate(service: Service): Promise<{ readonly code: number | null; readonly ms: number }> {
  const began = performance.now();
  service.signal('SIGTERM');
  const { code } = await service.exited;
  return { code, ms: Math.round(performance.now() - began) };
}

describe('a service that is started wrongly', () => {
  it('says every mistake at once, ends with 78, and shows no password', async () => {
    const service = await start('finance', {
      port: 99_999,
      brokers: 'nowhere',
      databaseUrl: `postgres://u:${secret}#@host:99999/db`,
      environment: { LOG_LEVEL: 'loud', INSTEP_TENANT: 'demo' },
    });
    expect((await service.exited).code).toBe(78);
    const told = readFileSync(service.logFile, 'utf8').trim().split('\n');
    expect(told).toEqual([
      'finance: PORT is "99999", not a whole number from 0 to 65535',
      'finance: LOG_LEVEL is "loud", not one of trace, debug, info, warn, error, fatal, silent',
      'finance: DATABASE_URL cannot be read as an address: write special characters of user and password as %40 and the like',
      'finance: KAFKA_BROKERS holds "nowhere", which is not like host:9092,host2:9092',
      'finance: INSTEP_TENANT is not known to this service',
    ]);
  });

  it('says in one sentence that its port is taken', async () => {
    const held = await holdPort();
    const service = await start('finance', { port: held.port });
    expect((await service.exited).code).toBe(70);
    await held.release();
    const last = readFileSync(service.logFile, 'utf8').trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({
      level: 'fatal',
      msg: `the service cannot serve: port ${String(held.port)} of 127.0.0.1 is taken by another process: end that one, or set PORT to another number`,
    });
    expect(last).not.toContain('stack');
  });
});

describe('a service whose surroundings are not there yet', () => {
  it('waits for the database, says so once, and goes on when it comes', async () => {
    const url = new URL(databaseOf('finance'));
    const { gate: database, address } = await gate(url.host);
    url.host = address;
    const service = await start('finance', { databaseUrl: url.href, environment: { INSTEP_MISSPELT: '1' } });
    await until('it says what it waits for', async () => (await readiness(service)).troubles.length > 0);
    expect(await readiness(service)).toEqual({
      status: 'starting',
      troubles: [`The database cannot be used: connect ECONNREFUSED ${address}`],
    });
    await database.refuse();
    await until('it has tried several times', () => database.refusals() > 3);
    const reasons = linesOf(service).flatMap(({ msg, reason }) => (msg === 'waiting for the database' ? [reason] : []));
    expect(reasons[0]).toBe(`connect ECONNREFUSED ${address}`);
    expect(reasons).toEqual([...new Set(reasons)]);
    expect(linesOf(service).find(({ variables }) => variables)?.variables).toEqual(['INSTEP_MISSPELT']);
    await database.open();
    await service.ready();
    expect(linesOf(service).map(({ msg }) => msg)).toContain('the database is there now');
    expect(await readiness(service)).toEqual({ status: 'ready', troubles: [] });
  }, 60_000);

  it('waits for the broker, says so without a flood, and goes on when it comes', async () => {
    const { gate: broker, address } = await gate(platform.brokers);
    const service = await start('finance', { brokers: address });
    await until('it says what it waits for', async () => (await readiness(service)).troubles.length > 0);
    expect((await readiness(service)).troubles).toEqual([expect.stringMatching(/^The event log cannot be used: /)]);
    await broker.refuse();
    await until('it has tried many times', () => broker.refusals() > 10);
    expect(linesOf(service).length).toBeLessThan(20);
    const reasons = linesOf(service).flatMap(({ msg, reason }) => (msg === 'waiting for the event log' ? [reason] : []));
    expect(reasons).toEqual([...new Set(reasons)]);
    await broker.open();
    await service.ready();
    expect(linesOf(service).map(({ msg }) => msg)).toContain('the event log is there now');
  }, 60_000);

  it('does not work on a log that forgets, says what to change, and goes on when that is done', async () => {
    const retention = (...change: readonly string[]): Promise<string> =>
      kafkaTool('kafka-configs', ['--alter', '--entity-type', 'topics', '--entity-name', 'finance', ...change], {
        jarsDir: join(toolchainDir, 'kafka'),
        brokers: platform.brokers,
      });
    const before = await start('finance');
    await before.ready();
    await before.stop();
    await retention('--add-config', 'retention.ms=604800000,cleanup.policy=[compact,delete]');
    const service = await start('finance');
    const changes = 'finance: set cleanup.policy=delete (it is compact,delete)\n  - finance: set retention.ms=-1 (it is 604800000)';
    await until('it says what to change', async () => (await readiness(service)).troubles.some((each) => each.includes(changes)));
    await retention('--add-config', 'retention.ms=-1,cleanup.policy=delete');
    await service.ready();
  }, 180_000);

  it('ends at once with 0 when it is told to while it waits', async () => {
    const service = await start('finance', { databaseUrl: `postgres://u:${secret}@127.0.0.1:${String(await freePort())}/d` });
    await until('it waits', async () => (await readiness(service)).troubles.length > 0);
    const { code, ms } = await terminate(service);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_000);
    expect(linesOf(service).at(-1)?.msg).toBe('ended');
  }, 30_000);
});

describe('a service that is told to end', () => {
  it('ends at once at a second signal, with a last line that says so', async () => {
    const service = await start('finance', { environment: { SHUTDOWN_DEADLINE_MS: '60000' } });
    await service.ready();
    const hanging = connect(Number(new URL(service.url).port), '127.0.0.1');
    hanging.on('error', () => undefined);
    hanging.write('GET /health/live HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{');
    await until('the request is under way', () => hanging.bytesWritten > 0 && !hanging.connecting);
    service.signal('SIGTERM');
    await until('it drains', () => linesOf(service).some(({ msg }) => msg === 'draining'));
    const { code, ms } = await terminate(service);
    hanging.destroy();
    expect(code).toBe(143);
    expect(ms).toBeLessThan(1_000);
    expect(linesOf(service).at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'SIGTERM a second time: ended at once, what was under way is done again after the next start',
    });
  }, 60_000);

  it('shows the password of its database nowhere', async () => {
    const service = await start('finance', { environment: { LOG_LEVEL: 'trace' } });
    await service.ready();
    const shown: string[] = [];
    for (const path of ['/metrics', '/health/ready', '/openapi.json', '/parked', '/invariants', '/journals?after=x', '/nowhere'])
      shown.push(await (await fetch(`${service.url}${path}`, { headers: { 'x-tenant': 'demo' } })).text());
    shown.push(await (await fetch(`${service.url}/invariants/check`, { method: 'POST' })).text());
    shown.push(execFileSync('ps', ['axww', '-o', 'args']).toString());
    await terminate(service);
    for (const { logFile } of running) shown.push(readFileSync(logFile, 'utf8'));
    expect(shown.join('\n')).toContain('instep_invariants_watching');
    expect(shown.join('\n')).not.toContain(secret);
  }, 60_000);
});

describe('services under load', () => {
  const partitions = topics.orders.partitions;
  let next = 0;
  const acknowledged: string[] = [];
  let refused = 0;

  async function post(service: Service, path: string, body: object): Promise<Response> {
    next += 1;
    const headers = { 'content-type': 'application/json', 'idempotency-key': `life-${String(next)}`, 'x-tenant': 'demo' };
    return fetch(`${service.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Posts orders until it is told to stop. What is not acknowledged is not counted, whatever became of it. */
  async function clerk(intake: () => Service, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const answer = await post(intake(), '/orders', { currency: 'USD', lines: [{ item: 'TEA', quantity: '1', unitPrice: '2.50' }] });
        const body = (await answer.json()) as { orderId?: string };
        if (answer.status < 300 && body.orderId !== undefined) acknowledged.push(body.orderId);
        else refused += 1;
      } catch {
        refused += 1;
      }
      if (refused > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async function assigned(service: Service): Promise<number> {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith('instep_consumer_lag_events{topic="orders"')).length;
  }

  async function ids(name: ServiceName, sql: string): Promise<string[]> {
    const client = new pg.Client({ connectionString: databaseOf(name) });
    await client.connect();
    try {
      return (await client.query<{ id: string }>(sql)).rows.map(({ id }) => id);
    } finally {
      await client.end();
    }
  }

  it('drain within the deadline, lose nothing, and hand over at once', async () => {
    const port = await freePort();
    let intake = await start('order-intake', { port });
    const [first, second] = [await start('inventory'), await start('inventory')];
    await Promise.all([intake, first, second].map((service) => service.ready()));
    await until('both have partitions', async () => (await assigned(first)) > 0 && (await assigned(second)) > 0);
    expect((await post(first, '/items', { item: 'TEA', title: 'Tea' })).status).toBeLessThan(300);
    expect((await post(first, '/receipts', { item: 'TEA', quantity: '1000000', unitCost: '1' })).status).toBeLessThan(300);

    const closing = new AbortController();
    const clerks = Array.from({ length: 8 }, () => clerk(() => intake, closing.signal));
    const more = (count: number) => {
      const target = acknowledged.length + count;
      return until(`${String(count)} more orders`, () => acknowledged.length >= target, 60_000);
    };
    await more(300);

    // A replica of a reader: the other has all partitions at once, not after the session time-out of six seconds.
    const reader = await terminate(first);
    const handedOverMs = await until('the other has all', async () => (await assigned(second)) === partitions);
    await more(300);

    // The only writer: what it has acknowledged it has, and has sent; what it has not, the clerk knows of.
    const writer = await terminate(intake);
    expect(await ids('order-intake', 'SELECT id FROM outbox')).toEqual([]);
    intake = await start('order-intake', { port });
    await intake.ready();
    await more(300);
    closing.abort();
    await Promise.all(clerks);

    expect([reader.code, writer.code]).toEqual([0, 0]);
    expect(reader.ms).toBeLessThan(deadlineMs);
    expect(writer.ms).toBeLessThan(deadlineMs);
    expect(handedOverMs).toBeLessThan(3_000);

    const placed = await ids('order-intake', `SELECT order_id AS id FROM order_summary`);
    expect(acknowledged.filter((id) => !new Set(placed).has(id))).toEqual([]);
    await until('inventory has reserved for every order', async () => (await ids('inventory', reserved)).length === placed.length, 60_000);
    expect((await ids('inventory', reserved)).sort()).toEqual(placed.sort());
    for (const service of [intake, second]) {
      const answer = await fetch(`${service.url}/invariants/check`, { method: 'POST' });
      expect((await answer.json()) as object).toMatchObject({ watching: true, violated: [] });
    }
    process.stdout.write(
      `drained in ${String(reader.ms)} ms (reader) and ${String(writer.ms)} ms (writer), handed over in ${handedOverMs.toFixed(0)} ms; ${String(acknowledged.length)} orders\n`,
    );
  }, 180_000);

  const reserved = `SELECT order_id AS id FROM reservation_line WHERE reserved = 1 AND missing = 0`;
});

describe('a service whose database has stopped answering', () => {
  it('ends within its deadline, and says so when that was not in good order', async () => {
    const service = await start('finance', { environment: { SHUTDOWN_DEADLINE_MS: '2000' } });
    await service.ready();
    const database = platform.parts.find(({ name }) => name === 'PostgreSQL');
    if (!database) throw new Error('no database of our own');
    const client = new pg.Client({ connectionString: databaseOf('finance') });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    await client.end();
    const pids = [database.pid, ...rows.map(({ pid }) => pid)];
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      const { code, ms } = await terminate(service);
      const last = linesOf(service).at(-1);
      process.stdout.write(`ended ${String(code)} after ${String(ms)} ms while the database stood still\n`);
      // A session time-out of six seconds, in which nobody would do its work, is longer than that.
      expect(ms).toBeLessThan(5_000);
      expect([code, last?.msg]).toEqual(
        code === 0
          ? [0, 'ended']
          : [70, 'not drained within 2000 ms (SHUTDOWN_DEADLINE_MS): ended at once, what was under way is done again after the next start'],
      );
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  }, 60_000);
});
