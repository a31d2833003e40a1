import { connect, type AddressInfo, type Socket } from 'node:net';

import { topics } from '@instep/contracts';
import { inMemoryStore, systemClock, systemIds } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import { createLogger, createMetrics } from '@instep/telemetry';
import { afterEach, describe, expect, it } from '@jest/globals';

import { readEnvironment } from '../src/config.ts';
import type { Ground } from '../src/ground.ts';
import { hostApplication, type HostApplication } from '../src/host-application.ts';

import { taggingService } from './tagging.module.ts';

const partitions = Object.fromEntries(Object.values(topics).map(({ name, partitions: count }) => [name, count]));
const { config } = readEnvironment(
  { KAFKA_BROKERS: 'a:1', DATABASE_URL: 'postgres://a/b', SHUTDOWN_DEADLINE_MS: '4000', INSTEP_DEFAULT_TENANT: 'demo' },
  0,
  {},
);

const running: HostApplication[] = [];
afterEach(async () => {
  for (const host of running.splice(0)) await host.close();
});

interface World {
  readonly host: HostApplication;
  readonly url: string;
  readonly port: number;
  readonly crashes: string[];
}

async function serve(ground: Partial<Ground> = {}): Promise<World> {
  const nothing = (): Promise<void> => Promise.resolve();
  const log = inMemoryLog({ topics: partitions });
  const crashes: string[] = [];
  const host = await hostApplication({
    service: taggingService,
    definition: taggingService.definition as never,
    config,
    settings: {},
    ground: {
      log,
      store: inMemoryStore({ tables: [] }),
      dataSource: undefined,
      pool: undefined,
      prepareDatabase: nothing,
      prepareLog: nothing,
      closeDatabase: nothing,
      closeLog: nothing,
      ...ground,
    },
    logger: createLogger({ service: 'crm', level: 'silent' }),
    metrics: createMetrics('crm'),
    clock: systemClock,
    eventIds: systemIds,
    crash: (why, error) => void crashes.push(`${why}: ${String(error)}`),
  });
  running.push(host);
  await host.app.startAllMicroservices();
  await host.app.listen(0, '127.0.0.1');
  const { port } = host.app.getHttpServer().address() as AddressInfo;
  return { host, port, url: `http://127.0.0.1:${String(port)}`, crashes };
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const isReady =
  ({ url }: World) =>
  async (): Promise<boolean> =>
    (await fetch(`${url}/health/ready`)).ok;

const refused = (): Error => Object.assign(new Error('connect ECONNREFUSED db:5432'), { code: 'ECONNREFUSED' });

describe('a start', () => {
  it('answers over HTTP before the database is there, and says what is missing', async () => {
    let there = false;
    const world = await serve({ prepareDatabase: () => (there ? Promise.resolve() : Promise.reject(refused())) });
    await until('a trouble is shown', async () => (await (await fetch(`${world.url}/health/ready`)).text()).includes('ECONNREFUSED'));

    const ready = await fetch(`${world.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'starting', troubles: ['The database cannot be used: connect ECONNREFUSED db:5432'] });
    expect((await fetch(`${world.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${world.url}/metrics`)).status).toBe(200);

    const asked = await fetch(`${world.url}/customers/tags`);
    expect(asked.status).toBe(503);
    expect(asked.headers.get('retry-after')).toBe('2');
    expect(asked.headers.get('content-type')).toContain('application/problem+json');
    expect(await asked.json()).toMatchObject({ code: 'service/not-ready', detail: 'The service is starting and waits for its database.' });

    there = true;
    await until('it is ready', isReady(world));
    expect((await fetch(`${world.url}/customers/tags`)).status).toBe(200);
    expect(world.crashes).toEqual([]);
  });

  it('that waiting cannot mend ends the process', async () => {
    const world = await serve({
      prepareDatabase: () => Promise.reject(Object.assign(new Error('syntax error at or near "TABEL"'), { code: '42601' })),
    });
    await until('it crashed', () => world.crashes.length > 0);
    expect(world.crashes).toEqual(['the service cannot start: Error: syntax error at or near "TABEL"']);
  });

  it('can be given up while it still waits', async () => {
    const world = await serve({ prepareLog: () => Promise.reject(refused()) });
    await world.host.close();
    expect(world.crashes).toEqual([]);
  });
});

describe('an end', () => {
  it('goes in order: readiness, HTTP, department, log, database; a request under way is answered', async () => {
    const order: string[] = [];
    const log = inMemoryLog({ topics: partitions });
    const note = (what: string): void => {
      const { host } = world;
      const http = host.app.getHttpServer().listening ? 'open' : 'closed';
      order.push(
        `${what}: ${host.readiness.state().status}, HTTP ${http}, department ${host.department.status().running ? 'running' : 'drained'}`,
      );
    };
    const world = await serve({
      log,
      closeLog: async () => {
        note('log');
        await log.close();
      },
      closeDatabase: () => {
        note('database');
        return Promise.resolve();
      },
    });
    await until('it is ready', isReady(world));

    const socket = await connected(world.port);
    const body = '{"tag":"last"}';
    const head = [
      'POST /customers HTTP/1.1',
      'host: x',
      'content-type: application/json',
      'idempotency-key: 1',
      `content-length: ${String(body.length)}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
    await until(
      'the request has arrived',
      () =>
        new Promise((resolve) =>
          world.host.app.getHttpServer().getConnections((_: unknown, count: number) => {
            resolve(count > 0);
          }),
        ),
    );

    const closed = world.host.close();
    await until('it drains', () => world.host.readiness.state().status === 'draining');
    expect(world.host.department.status().running).toBe(true);
    await expect(connected(world.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const answer = received(socket);
    socket.write(body.slice(5));
    expect(await answer).toContain('HTTP/1.1 201 Created');
    await closed;
    expect(order).toEqual(['log: draining, HTTP closed, department drained', 'database: draining, HTTP closed, department drained']);
  });

  it('does not wait for a request that never ends', async () => {
    const world = await serve();
    await until('it is ready', isReady(world));
    const socket = await connected(world.port);
    socket.write('POST /customers HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    const before = Date.now();
    await world.host.close();
    expect(Date.now() - before).toBeLessThan(3_000);
    socket.destroy();
  });
});

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

function received(socket: Socket): Promise<string> {
  return new Promise((resolve) =>
    socket.once('data', (data) => {
      resolve(data.toString());
    }),
  );
}
