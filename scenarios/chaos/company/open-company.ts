import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ServiceName } from '@instep/contracts';
import { freePort } from '@instep/local-process';
import { startService, type Service } from '@instep/platform';

import { startCompany, type Company } from '../../src/company.ts';
import type { Ground } from '../ground/start-ground.ts';
import { channels, plentifulItems, received, scarceItem } from '../load/shelf.ts';
import { startTcpProxy, type TcpProxy } from '../proxy/tcp-proxy.ts';
import { ShelfBooks } from '../check/shelf-books.ts';
import { supervise, type Supervisor } from './supervisor.ts';

/** A company on a ground, with all that a fault needs to reach. */
export interface OpenCompany {
  readonly company: Company;
  readonly ground: Ground;
  readonly supervisor: Supervisor;
  /** Between the shops and the edge. */
  readonly toEdge: TcpProxy;
  /** Where the shops send their webhooks. */
  edge(): string;
  /** What the shelves must hold. */
  readonly books: ShelfBooks;
  readonly environment: NodeJS.ProcessEnv;
  /** A second process of a service, on the same database. */
  twin(name: ServiceName, environment?: NodeJS.ProcessEnv): Promise<Service>;
  receiveScarce(): Promise<void>;
  close(): Promise<void>;
}

export async function openCompany(ground: Ground, dataDir: string): Promise<OpenCompany> {
  mkdirSync(dataDir, { recursive: true });
  const environment = serviceEnvironment(dataDir, ground);
  const company = await startCompany(environment, { platform: ground.platform, dataDir, askAt: ground.directly });
  const supervisor = supervise(company.system);
  const toEdge = await startTcpProxy({ targetPort: Number(new URL(company.system.service('connectors').url).port) });
  const books = new ShelfBooks();
  const twins: Service[] = [];
  const open: OpenCompany = {
    company,
    ground,
    supervisor,
    toEdge,
    edge: () => `http://127.0.0.1:${String(toEdge.port)}`,
    books,
    environment,
    twin: async (name, more = {}) => {
      const twin = await startService({
        name,
        port: await freePort(),
        brokers: ground.platform.brokers,
        databaseUrl: company.system.databaseOf(name),
        logFile: join(dataDir, 'logs', `${name}-twin.log`),
        environment: { ...environment, ...more },
      });
      twins.push(twin);
      await twin.ready();
      return twin;
    },
    receiveScarce: async () => {
      for (const { tenant } of channels) await receive(company, books, tenant, scarceItem, received.scarcePerRun);
    },
    close: async () => {
      await supervisor.leave();
      await Promise.all(twins.map((twin) => twin.stop()));
      await company.stop();
      await toEdge.close();
    },
  };
  try {
    await fillShelves(company, books);
  } catch (error) {
    await open.close();
    throw error;
  }
  return open;
}

function serviceEnvironment(dataDir: string, { cluster }: Ground): NodeJS.ProcessEnv {
  const connections = join(dataDir, 'connections.json');
  const listed = channels.map(({ connection, tenant }) => ({ id: connection, tenant, vendor: 'shopify', secret: 'env:CHAOS_SHOP_SECRET' }));
  writeFileSync(connections, JSON.stringify({ connections: listed }));
  return {
    INSTEP_CONNECTIONS: connections,
    CHAOS_SHOP_SECRET: 'sample-secret',
    INSTEP_TOPIC_REPLICATION: String(cluster.nodes.length),
  };
}

async function fillShelves(company: Company, books: ShelfBooks): Promise<void> {
  for (const { tenant } of channels) {
    for (const item of [...plentifulItems, scarceItem]) {
      await post(company, tenant, '/items', { item, title: item });
      if (item !== scarceItem) await receive(company, books, tenant, item, received.plentiful);
    }
  }
}

async function receive(company: Company, books: ShelfBooks, tenant: string, item: string, quantity: number): Promise<void> {
  const receipt = { item, location: '655441491', quantity: String(quantity), unitCost: '4.00', currency: 'USD' };
  await post(company, tenant, '/receipts', receipt);
  books.received(tenant, item, quantity);
}

const patienceMs = 30_000;
let requests = 0;

/** With one key until it is answered: a service may be away for a moment. */
async function post(company: Company, tenant: string, path: string, body: unknown): Promise<void> {
  const key = `chaos-${String(Date.now())}-${String((requests += 1))}`;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await fetch(`${company.system.service('inventory').url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, 'x-tenant': tenant },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    if (answer?.ok === true) return;
    if (Date.now() > deadline) throw new Error(`inventory answered ${path} with ${String(answer?.status ?? 'nothing')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
