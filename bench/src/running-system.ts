import { topics, type ServiceName } from '@instep/contracts';
import type { EventLog } from '@instep/event-log';
import { kafkaLog } from '@instep/event-log-kafka';
import type { System } from '@instep/platform';
import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';

/** A started system and what the bench needs to look into it. */
export class RunningSystem {
  readonly system: System;
  readonly log: EventLog;
  /** The server as a whole. */
  readonly server: pg.Pool;
  readonly #databases: ReadonlyMap<ServiceName, pg.Pool>;

  constructor(system: System) {
    this.system = system;
    this.log = kafkaLog({ brokers: system.platform.brokers.split(','), clientId: 'bench' });
    this.server = poolOf(system.platform.databaseUrl);
    this.#databases = new Map(system.services.map(({ name }) => [name, poolOf(system.databaseOf(name))]));
  }

  async rows<Row extends pg.QueryResultRow>(service: ServiceName, sql: string): Promise<readonly Row[]> {
    const database = this.#databases.get(service);
    if (!database) throw new Error(`${service} is not running`);
    return (await database.query<Row>(sql)).rows;
  }

  /** The only number that a statement gives, as the database counts it. */
  async count(service: ServiceName, sql: string): Promise<number> {
    const [row] = await this.rows<{ count: string }>(service, sql);
    return Number(row?.count);
  }

  /** Posts a change to a service. Rejects unless it was done. */
  async post(service: ServiceName, path: string, body: object): Promise<void> {
    const answer = await fetch(this.system.service(service).url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `bench-${path}-${JSON.stringify(body)}`.slice(0, 200) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${service} answered ${String(answer.status)} to ${path}: ${await answer.text()}`);
    await answer.body?.cancel();
  }

  /** Records in each topic so far. */
  async recordsByTopic(): Promise<ReadonlyMap<string, number>> {
    const counted = await Promise.all(
      Object.keys(topics).map(async (topic) => {
        const bounds = await this.log.bounds(topic);
        return [topic, bounds.reduce((sum, { first, next }) => sum + next - first, 0)] as const;
      }),
    );
    return new Map(counted);
  }

  /** Resolves when every department has applied all that it reads and sent all that it has to say. Rejects after the deadline. */
  async settled(deadlineMs: number): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    // Twice in a row: what is between two departments at the first look is in one of them at the second.
    for (let quiet = 0; quiet < 2;) {
      const left = (await Promise.all(this.system.services.map(({ name }) => this.#underWay(name)))).flat();
      quiet = left.length === 0 ? quiet + 1 : 0;
      if (Date.now() > deadline) throw new Error(`the departments did not come to rest: ${left.join(', ')}`);
      await pause(100);
    }
  }

  async #underWay(service: ServiceName): Promise<readonly string[]> {
    const waiting = await this.count(service, 'SELECT count(*) FROM outbox');
    const positions = await this.rows<{ topic: string; partition: number; next: string }>(
      service,
      'SELECT topic, partition, next_offset AS next FROM position',
    );
    const behind = await Promise.all(
      [...new Set(positions.map(({ topic }) => topic))].map(async (topic) => {
        const ends = new Map((await this.log.bounds(topic)).map(({ partition, next }) => [partition, next]));
        return positions
          .filter((at) => at.topic === topic)
          .reduce((sum, { partition, next }) => sum + (ends.get(partition) ?? 0) - Number(next), 0);
      }),
    );
    const unread = behind.reduce((sum, records) => sum + records, 0);
    return [
      ...(waiting > 0 ? [`${service} has ${String(waiting)} events to send`] : []),
      ...(unread > 0 ? [`${service} has ${String(unread)} records to read`] : []),
    ];
  }

  async close(): Promise<void> {
    await Promise.all([this.server, ...this.#databases.values()].map((pool) => pool.end()));
    await this.log.close();
  }
}

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on('error', () => undefined); // a server that stops takes idle connections with it
  return pool;
}
