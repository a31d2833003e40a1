import { randomUUID } from 'node:crypto';

import { topics } from '@instep/contracts';
import { partitionOfKey } from '@instep/event-log';

import { departments } from '../../src/departments.ts';
import type { Fault, Scene } from '../run/fault.ts';

const lookSeconds = 3;

interface Poison {
  readonly type: string;
  readonly value: string;
}

/** Puts something into the outbox of the owner of `orders`, as a faulty release would: it goes out with a right number. */
async function recordAsOwner({ company }: Scene, key: string, { type, value }: Poison): Promise<void> {
  await company.query('order-intake', 'INSERT INTO outbox (topic, partition, key, type, value) VALUES ($1, $2, $3, $4, $5)', [
    'orders',
    partitionOfKey(key, topics.orders.partitions),
    key,
    type,
    value,
  ]);
}

/** Who reads `orders` and knows the type parks the key; each by itself. */
const readers = departments.filter(({ topics: read }) => read.includes('orders')).length;

function event(change: Readonly<Record<string, unknown>>): string {
  const now = new Date().toISOString();
  return JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: 'instep/order-intake',
    type: 'order.placed',
    subject: 'sample:poison',
    time: now,
    datacontenttype: 'application/json',
    dataschema: 'order.placed/1',
    tenant: 'demo',
    streamversion: 1,
    recordedtime: now,
    correlationid: 'chaos',
    causationid: 'chaos',
    actor: 'system/chaos',
    data: {},
    ...change,
  });
}

/** Keys that the broken webhooks belong to, and those that were written into the topic itself. */
const brokenWebhooks = ['{"id": 77, "half', '['.repeat(200_000), 'null'] as const;

export const poison: Fault = {
  id: 'poison',
  title: 'bad JSON, bad schema and huge bodies among the orders',
  ground: 'one-broker',
  last: true,
  rebuild: 'crm',
  leaves: ['undecodable', 'version-missing', 'cause-unnamed', 'cause-unreadable', 'wrong-key', 'wrong-type'],
  parks: brokenWebhooks.length + 1 + 2 * readers,
  run: async (scene) => {
    for (const [at, body] of brokenWebhooks.entries()) {
      await scene.until(
        'the edge to take a broken webhook',
        async () => (await scene.company.webhook('orders/create', body, { webhookId: `poison-${String(at)}` })) === 200,
      );
    }
    const raw = `demo/poison:${randomUUID()}`;
    await scene.company.log.append({ topic: 'raw.shopify', partition: partitionOfKey(raw, topics['raw.shopify'].partitions) }, [
      { key: raw, type: 'webhook.received', sequence: undefined, value: Buffer.from('\u0000 not JSON') },
    ]);
    await recordAsOwner(scene, `demo/poison:${randomUUID()}`, { type: 'order.placed', value: '{"specversion":' });
    await recordAsOwner(scene, `demo/poison:${randomUUID()}`, { type: 'order.placed', value: event({}) });
    await scene.seconds(lookSeconds);
  },
};

export const schemaSkew: Fault = {
  id: 'schema-skew',
  title: 'an unknown event type, and a version from the future',
  ground: 'one-broker',
  last: true,
  rebuild: 'finance',
  leaves: ['undecodable', 'version-missing', 'cause-unnamed', 'cause-unreadable', 'wrong-key', 'wrong-type'],
  // The unknown type concerns nobody; the version does.
  parks: readers,
  run: async (scene) => {
    await recordAsOwner(scene, `demo/skew:${randomUUID()}`, {
      type: 'order.gift-wrapped',
      value: event({ type: 'order.gift-wrapped', dataschema: 'order.gift-wrapped/1' }),
    });
    await recordAsOwner(scene, `demo/skew:${randomUUID()}`, { type: 'order.placed', value: event({ dataschema: 'order.placed/99' }) });
    await scene.seconds(lookSeconds);
  },
};
