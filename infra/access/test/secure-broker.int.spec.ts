import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serviceNames, topics, type ServiceName, type TopicName } from '@instep/contracts';
import { startSecureKafka, type SecureKafka } from '@instep/embedded-kafka';
import type { EventLog } from '@instep/event-log';
import { createTopics, grantRights, kafkaLog, lineOf, rightsAtBroker, setPasswords, type KafkaConnection } from '@instep/event-log-kafka';
import { toolchainDir } from '@instep/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { accessOf, brokerRights, principalOf } from '../src/index.ts';

const all = Object.values(topics);
const record = { key: 'demo/1', type: 'test', sequence: undefined, value: Buffer.from('{}') };

describe('a broker with passwords, TLS and rights', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'instep-secure-'));
  let kafka: SecureKafka;
  beforeAll(async () => {
    kafka = await startSecureKafka({
      dataDir: join(dataDir, 'kafka'),
      logFile: join(dataDir, 'kafka.log'),
      jarsDir: join(toolchainDir, 'kafka'),
      principals: [...serviceNames.map(principalOf), 'stranger'],
    });
    await createTopics(as('admin'), all, { replicationFactor: 1 });
    await grantRights(as('admin'), brokerRights());
  }, 90_000);
  afterAll(async () => {
    await (kafka as SecureKafka | undefined)?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }, 30_000);

  function as(principal: string, password = kafka.credentialsOf(principal).password): KafkaConnection {
    return {
      brokers: [kafka.brokers],
      clientId: principal,
      ssl: { ca: [kafka.certificate] },
      sasl: { mechanism: 'scram-sha-512', username: principal, password },
    };
  }

  /** The topics with which an attempt succeeds, per service. All at once: what is refused is tried several times before it is given up. */
  async function allowed(attempt: (log: EventLog, topic: TopicName) => Promise<unknown>): Promise<Record<string, readonly string[]>> {
    const entries = serviceNames.map(async (service) => {
      const ends = await Promise.allSettled(all.map(({ name }) => alone(service, (log) => attempt(log, name))));
      return [service, all.flatMap(({ name }, at) => (ends[at]?.status === 'fulfilled' ? [name] : [])).sort()] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** With a client of its own: one that asks about a forbidden topic too is told of no other either. */
  async function alone(service: ServiceName, use: (log: EventLog) => Promise<unknown>): Promise<void> {
    const log = kafkaLog({ ...as(principalOf(service)), appendTimeoutMs: 3_000 });
    try {
      await use(log);
    } finally {
      await log.close();
    }
  }

  async function eventually(holds: () => Promise<unknown>, deadline = Date.now() + 10_000): Promise<void> {
    for (;;) {
      try {
        await holds();
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }

  const rendered = (of: (service: ServiceName) => readonly string[]): Record<string, readonly string[]> =>
    Object.fromEntries(serviceNames.map((service) => [service, [...of(service)].sort()]));

  it('holds exactly the rights that were rendered', async () => {
    expect((await rightsAtBroker(as('admin'))).map(lineOf).sort()).toEqual(brokerRights().map(lineOf).sort());
    expect(await grantRights(as('admin'), brokerRights())).toEqual({ granted: [], taken: [] });
  }, 30_000);

  it('takes away what a service has too much', async () => {
    await grantRights(as('admin'), [...brokerRights(), { principal: 'instep-crm', resource: 'topic', name: 'payroll', operation: 'Read' }]);
    expect(await grantRights(as('admin'), brokerRights())).toEqual({ granted: [], taken: ['instep-crm Read topic payroll'] });
  }, 30_000);

  it('lets each service write its own topics and no other', async () => {
    expect(await allowed((log, topic) => log.append({ topic, partition: 0 }, [record]))).toEqual(
      rendered((service) => accessOf(service).write),
    );
  }, 120_000);

  it('lets each service read what it listens to and its own, and no other', async () => {
    const read = async (log: EventLog, topic: TopicName): Promise<void> => {
      for await (const batch of log.read({ topic, partition: 0 }, 0, 1)) expect(batch).toHaveLength(1);
    };
    expect(await allowed(read)).toEqual(rendered((service) => accessOf(service).read));
  }, 120_000);

  it.each(['instep-finance', 'stranger'])(
    'lets %s make no topic',
    async (principal) => {
      await expect(createTopics(as(principal), [{ name: 'own-idea', partitions: 1 }], { replicationFactor: 1 })).rejects.toThrow(
        /creating topics own-idea/,
      );
    },
    60_000,
  );

  it('lets somebody in by a new password, and no longer by the old one', async () => {
    const logins = Array.from({ length: 200 }, (_, n) => ({ principal: `newcomer-${String(n)}`, password: `new-${String(n)}-ü` }));
    await setPasswords(as('admin'), [...logins, { principal: 'stranger', password: 'changed' }]);
    // The controller has taken them; the broker knows them a moment later. Without rights there is nothing to see.
    for (const { principal, password } of [logins[0], logins[199], { principal: 'stranger', password: 'changed' }].flatMap(
      (login) => login ?? [],
    ))
      await eventually(() => expect(rightsAtBroker(as(principal, password))).rejects.toThrow(/authorization failed/i));
    await expect(rightsAtBroker(as('stranger'))).rejects.toThrow(/authentication/i);
    await expect(setPasswords(as('admin'), [{ principal: '', password: 'x' }])).rejects.toThrow(/setting passwords/);
    await expect(setPasswords(as('instep-finance'), logins)).rejects.toThrow(
      /setting passwords: the broker refuses that of "newcomer-0" and 199 more \(.*AUTHORIZATION/,
    );
  }, 60_000);

  it('lets nobody in with a wrong password, nor without TLS', async () => {
    await expect(rightsAtBroker(as('admin', 'wrong'))).rejects.toThrow(/authentication/i);
    const { ssl: _ssl, ...open } = as('instep-finance');
    await expect(rightsAtBroker(open)).rejects.toThrow(/connecting to the log/);
  }, 60_000);
});
