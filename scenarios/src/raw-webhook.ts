import { topics } from '@instep/contracts';
import { partitionOfKey, type TopicPartition } from '@instep/event-log';
import type { SampleOrder } from '@instep/testkit';

/** The event by which the edge keeps the first webhook of an order, and where it goes. */
export interface RawWebhook {
  readonly key: string;
  readonly target: TopicPartition;
  readonly event: Readonly<Record<string, unknown>>;
}

export function rawWebhookOf(order: SampleOrder): RawWebhook {
  const subject = `sample:order:${String(order.state.settings.id)}`;
  const key = `demo/${subject}`;
  const now = new Date().toISOString();
  const event = {
    specversion: '1.0',
    id: `raw-${subject}`,
    source: 'instep/connectors',
    type: 'webhook.received',
    subject,
    time: now,
    datacontenttype: 'application/json',
    dataschema: 'webhook.received/1',
    tenant: 'demo',
    recordedtime: now,
    correlationid: `correlation-${subject}`,
    causationid: `request/${subject}/hash`,
    actor: 'connection/sample',
    data: {
      connection: 'sample',
      vendor: 'shopify',
      topic: 'orders/create',
      webhookId: null,
      eventId: null,
      apiVersion: null,
      shopDomain: null,
      triggeredAt: null,
      receivedAt: now,
      body: Buffer.from(order.body()).toString('base64'),
    },
  };
  return { key, target: { topic: 'raw.shopify', partition: partitionOfKey(key, topics['raw.shopify'].partitions) }, event };
}
