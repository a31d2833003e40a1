import { hash } from 'node:crypto';

import type { CloudEvent, EventData } from '@instep/contracts';
import { encodeEvent, rawBodyOf, recordKey } from '@instep/contracts';
import type { NewRecord } from '@instep/event-log';
import { receivedTracestate } from '@instep/telemetry';

import { vendorObjectId } from './raw-key.ts';
import type { WebhookHeaders } from './webhook-headers.ts';

interface ReceivedWebhook {
  readonly tenant: string;
  readonly connection: string;
  readonly headers: WebhookHeaders;
  readonly body: Buffer;
}

/** What the receiver adds. */
interface Receipt {
  readonly eventId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly traceparent?: string | undefined;
}

/** The record that keeps a webhook as it came. */
export function rawRecord(
  { tenant, connection, headers, body }: ReceivedWebhook,
  { eventId, receivedAt, traceparent }: Receipt,
): NewRecord {
  const subject = vendorObjectId(connection, headers.topic, body, headers.webhookId);
  const data: EventData<'webhook.received'> = {
    connection,
    vendor: 'shopify',
    topic: headers.topic,
    webhookId: headers.webhookId,
    eventId: headers.eventId,
    apiVersion: headers.apiVersion,
    shopDomain: headers.shopDomain,
    triggeredAt: headers.triggeredAt,
    receivedAt,
    body: rawBodyOf(body),
  };
  const event: CloudEvent = {
    specversion: '1.0',
    id: eventId,
    source: 'instep/connectors',
    type: 'webhook.received',
    subject,
    time: instantOf(headers.triggeredAt) ?? receivedAt,
    datacontenttype: 'application/json',
    dataschema: 'webhook.received/1',
    tenant,
    recordedtime: receivedAt,
    correlationid: headers.eventId ?? headers.webhookId ?? eventId,
    causationid: `request/${headers.webhookId ?? eventId}/${hash('sha256', body)}`,
    actor: `connection/${connection}`,
    ...(traceparent === undefined ? {} : { traceparent }),
    tracestate: receivedTracestate(Date.parse(receivedAt)),
    data,
  };
  return { key: recordKey(tenant, subject), type: event.type, sequence: undefined, value: Buffer.from(encodeEvent(event)) };
}

function instantOf(time: string | null): string | undefined {
  const millis = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(millis) ? undefined : new Date(millis).toISOString();
}
