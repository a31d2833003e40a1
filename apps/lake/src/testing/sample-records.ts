import { createHash } from 'node:crypto';

import { encodeEvent, recordKey, type CloudEvent } from '@instep/contracts';
import type { NewRecord } from '@instep/event-log';

const begin = Date.UTC(2026, 2, 1, 8);

/** An id that looks like chance and is the same every time. */
function idOf(n: number): string {
  const hex = createHash('sha256').update(String(n)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A completed order, one for each `n`; a short event that is the same every time. */
export function sampleEvent(n: number, over: Partial<CloudEvent> = {}): CloudEvent {
  const at = new Date(begin + n * 1000).toISOString();
  return {
    specversion: '1.0',
    id: idOf(n),
    source: 'instep/order-intake',
    type: 'order.completed',
    subject: `shop:${n % 97}`,
    time: at,
    datacontenttype: 'application/json',
    dataschema: 'order.completed/1',
    tenant: 'demo',
    streamversion: 1 + Math.floor(n / 97),
    recordedtime: at,
    correlationid: `correlation-${n % 97}`,
    causationid: idOf(n + 1_000_000),
    causeposition: `channels/0/${n}`,
    actor: 'system/order-intake',
    data: { orderId: `shop:${n % 97}`, asOf: { at, revision: null } },
    ...over,
  };
}

/** Its record, with the number that a relay would give it. */
export function sampleRecord(n: number, over: Partial<CloudEvent> = {}, sequence = n + 1): NewRecord {
  const event = sampleEvent(n, over);
  return {
    key: recordKey(event.tenant, event.subject),
    type: event.type,
    sequence: { epoch: 1, n: sequence },
    value: Buffer.from(encodeEvent(event)),
  };
}
