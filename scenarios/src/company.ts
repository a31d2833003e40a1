import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ServiceName } from '@instep/contracts';
import type { EventLog } from '@instep/event-log';
import { kafkaLog } from '@instep/event-log-kafka';
import { startSystem, type Platform, type System } from '@instep/platform';
import { shopifyWebhook } from '@instep/testkit';
import pg from 'pg';

import { isSettled } from './settled.ts';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** All departments as processes on a broker and a database of their own, and the ways in that a shop, a clerk and an analyst have. */
export interface Company {
  readonly system: System;
  readonly log: EventLog;
  /** Sends a signed Shopify webhook; the status it was answered with. */
  webhook(topic: string, body: string, options?: WebhookOptions): Promise<number>;
  get<Body = Record<string, unknown>>(service: ServiceName, path: string): Promise<Answer<Body>>;
  /** With a fresh Idempotency-Key unless one is given; null sends none. */
  post<Body = Record<string, unknown>>(
    service: ServiceName,
    path: string,
    body: unknown,
    idempotencyKey?: string | null,
  ): Promise<Answer<Body>>;
  query<Row extends pg.QueryResultRow>(service: ServiceName, sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Resolves when every department has applied everything and sent everything. */
  settled(deadlineMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface WebhookOptions {
  readonly secret?: string;
  readonly webhookId?: string;
  readonly connection?: string;
  /** Headers that replace the ones of a right webhook. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CompanySettings {
  /** One that runs already and is left running by `stop`. */
  readonly platform?: Platform;
  /** For logs. Kept, when given. */
  readonly dataDir?: string;
  /** Where the scenarios themselves ask a database that the services know by this address. */
  readonly askAt?: (databaseUrl: string) => string;
}

const settleDeadlineMs = 60_000;

export async function startCompany(serviceEnvironment: NodeJS.ProcessEnv = {}, settings: CompanySettings = {}): Promise<Company> {
  const { platform, askAt = (url: string) => url } = settings;
  const dataDir = settings.dataDir ?? mkdtempSync(join(tmpdir(), 'instep-company-'));
  const system = await startSystem({ dataDir, profile: 'test', environment: {}, serviceEnvironment, ...(platform && { platform }) });
  const log = kafkaLog({ brokers: system.platform.brokers.split(','), clientId: 'scenarios' });
  const pools = new Map<ServiceName, pg.Pool>();
  let keys = 0;

  function pool(service: ServiceName): pg.Pool {
    const known = pools.get(service);
    if (known) return known;
    const made = new pg.Pool({ connectionString: askAt(system.databaseOf(service)), max: 2 });
    // A database that is killed on purpose takes idle connections with it.
    made.on('error', () => undefined);
    pools.set(service, made);
    return made;
  }

  async function ask<Body>(service: ServiceName, path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const response = await fetch(`${system.service(service).url}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Body };
  }

  const company: Company = {
    system,
    log,
    async webhook(topic, body, { secret = 'sample-secret', webhookId, connection = 'sample', headers = {} } = {}) {
      const webhook = shopifyWebhook({ topic, body, secret, ...(webhookId === undefined ? {} : { webhookId }) });
      const response = await fetch(`${system.service('connectors').url}/webhooks/shopify/${connection}`, {
        method: 'POST',
        headers: { ...webhook.headers, ...headers },
        body: webhook.body,
      });
      await response.body?.cancel();
      return response.status;
    },
    get: (service, path) => ask(service, path),
    post: (service, path, body, idempotencyKey) => {
      keys += 1;
      const key = idempotencyKey === undefined ? `scenario-${String(process.pid)}-${String(keys)}` : idempotencyKey;
      return ask(service, path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    },
    query: async (service, sql, values = []) => (await pool(service).query(sql, [...values])).rows,
    async settled(deadlineMs = settleDeadlineMs) {
      const deadline = Date.now() + deadlineMs;
      for (let left = await isSettled(company); left.length > 0; left = await isSettled(company))
        if (Date.now() > deadline) throw new Error(`not settled: ${JSON.stringify(left)}`);
    },
    async stop() {
      await Promise.all([...pools.values()].map((each) => each.end()));
      await log.close();
      await system.stop();
      if (settings.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return company;
}
