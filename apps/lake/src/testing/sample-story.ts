import { createHash } from 'node:crypto';

import { decodeEvent, encodeEvent, findEvent, recordKey, type CloudEvent, type EventData, type EventType } from '@instep/contracts';
import type { NewRecord } from '@instep/event-log';

/** One order from the shop to the books. Amounts in whole cents, times in milliseconds since 1970. */
export interface OrderStory {
  readonly orderId: string;
  readonly channel: string;
  readonly placedAt: number;
  readonly item: string;
  readonly quantity: number;
  readonly priceCents: number;
  readonly costCents: number;
  readonly customer: string | null;
  readonly paidAfterMs?: number;
  readonly shippedAfterMs?: number;
  /** Refunded whole, goods back in stock. */
  readonly refundedAfterMs?: number;
  readonly short?: boolean;
  readonly staff?: string;
}

export interface TopicRecord {
  readonly topic: string;
  readonly record: NewRecord;
}

const taxShare = 0.2;

/** What an order leaves in the log, in the order in which it was recorded. The same story gives the same bytes. */
export function eventsOf(story: OrderStory): readonly TopicRecord[] {
  const { orderId, channel, placedAt, item, quantity, customer } = story;
  const net = story.priceCents * quantity;
  const tax = Math.round(net * taxShare);
  const cost = money(story.costCents * quantity);
  const contact = customer === null ? null : { subject: `sub_${customer}`, email: customer, phone: null, channelCustomerId: customer };
  const zero = { net: { shop: '0' }, tax: { shop: '0' } };
  const line = { lineId: `${orderId}-1`, item, quantity: String(quantity) };
  const personal = { name: `Customer ${customer ?? ''}`, email: `${customer ?? 'x'}@example.com`, phone: null };
  const told = storyTeller(story);
  const content = {
    ...{ shipping: zero, duties: zero, fees: zero, tip: { shop: '0' }, rounding: { shop: '0' }, total: { shop: money(net + tax) } },
    lines: [
      {
        ...{ ...line, title: `Item ${item}`, shippable: true, giftCard: false, discount: { shop: '0' } },
        ...{ unitPrice: { shop: money(story.priceCents) }, net: { shop: money(net) }, tax: { shop: money(tax) } },
      },
    ],
  };
  const journal = (kind: EventData<'journal.posted'>['kind'], after: number, lines: readonly (readonly [string, number])[]): void =>
    told('journal.posted', `order:${orderId}`, after, {
      ...{ journalId: `${orderId}-${kind}`, kind, orderId, currency: 'EUR', memo: kind },
      lines: lines.map(([account, cents]) => ({ account, amount: money(cents) })),
    });
  told('order.placed', orderId, 0, {
    ...{ orderId, channel, channelOrderId: orderId, number: `#${orderId}`, placedAt: iso(placedAt), test: false, hold: null },
    ...{ currencies: { shop: 'EUR', presentment: 'EUR' }, customer: contact, staffId: null, locationId: null, content, personal },
  });
  if (story.short)
    told('stock.short', orderId, 200, {
      orderId,
      locationId: null,
      lines: [{ ...line, missing: String(quantity), since: iso(placedAt) }].map(({ quantity: _, ...rest }) => rest),
    });
  told('stock.reserved', orderId, 400, { orderId, lines: [{ ...line, location: 'main' }], complete: true });
  told('order.confirmed', orderId, 500, { orderId });
  if (story.paidAfterMs !== undefined) {
    told('order.paid', orderId, story.paidAfterMs, {
      orderId,
      amount: money(net + tax),
      received: money(net + tax),
      currency: 'EUR',
      complete: true,
    });
    journal('payment', story.paidAfterMs + 200, [
      ['1000', net + tax],
      ['2000', -net - tax],
    ]);
  }
  if (story.shippedAfterMs !== undefined) {
    const shipmentId = `${orderId}-s`;
    told('order.shipped', orderId, story.shippedAfterMs, {
      ...{ orderId, shipmentId, shippedAt: iso(placedAt + story.shippedAfterMs), locationId: 'main', complete: true },
      ...{ lines: [line], tracking: { company: null, numbers: [], urls: [] } },
    });
    told('stock.shipped', orderId, story.shippedAfterMs + 200, {
      ...{ orderId, shipmentId, cost, currency: 'EUR' },
      lines: [{ ...line, location: 'main', reserved: [{ location: 'main', quantity: line.quantity }], found: '0', cost }],
    });
    journal('shipment', story.shippedAfterMs + 400, [
      ['2000', net + tax],
      ['4000', -net],
      ['2100', -tax],
    ]);
    journal('cost-of-goods', story.shippedAfterMs + 500, [
      ['5000', story.costCents * quantity],
      ['1200', -story.costCents * quantity],
    ]);
  }
  if (story.refundedAfterMs !== undefined) {
    const refundId = `${orderId}-r`;
    const at = iso(placedAt + story.refundedAfterMs);
    told('order.refunded', orderId, story.refundedAfterMs, {
      ...{ orderId, refundId, at, currency: 'EUR', money: money(net + tax) },
      ...{ lines: [{ lineId: line.lineId, quantity: line.quantity, net: money(net), tax: money(tax) }], shipping: zero, adjustment: zero },
    });
    told('stock.restocked', orderId, story.refundedAfterMs + 200, {
      orderId,
      refundId,
      cost,
      currency: 'EUR',
      lines: [{ ...line, location: 'main', cost }],
    });
    journal('refund', story.refundedAfterMs + 400, [
      ['4000', net],
      ['2100', tax],
      ['1000', -net - tax],
    ]);
  }
  return told.records();
}

type Teller = (<Type extends EventType>(
  type: Type,
  subject: string,
  afterMs: number,
  data: EventData<Type>,
  over?: Partial<CloudEvent>,
) => void) & {
  records(): readonly TopicRecord[];
};

/** Collects what is told, each caused by what came before it. */
export function storyTeller({ orderId, placedAt }: { readonly orderId: string; readonly placedAt: number }): Teller {
  const records: TopicRecord[] = [];
  const versions = new Map<string, number>();
  const nextVersion = (stream: string): number => {
    const version = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    return version;
  };
  let cause = idOf(`webhook ${orderId}`);
  const tell = <Type extends EventType>(
    type: Type,
    subject: string,
    afterMs: number,
    data: EventData<Type>,
    over: Partial<CloudEvent> = {},
  ): void => {
    const definition = findEvent(type);
    if (!definition) throw new Error(`no event ${type}`);
    const id = idOf(`${orderId} ${type} ${records.length}`);
    const event: CloudEvent = {
      ...{ specversion: '1.0', id, source: `instep/${definition.owner}`, type, subject, time: iso(placedAt + afterMs) },
      ...{
        datacontenttype: 'application/json',
        dataschema: `${type}/${definition.version}`,
        tenant: 'demo',
        streamversion: nextVersion(`${definition.stream}/${subject}`),
      },
      ...{ recordedtime: iso(placedAt + afterMs + 50), correlationid: `${orderId}-0`, causationid: cause },
      ...{ actor: `system/${definition.owner}`, traceparent: `00-${id.replaceAll('-', '')}-${id.slice(-12)}0000-00`, ...over, data },
    };
    cause = id;
    records.push({
      topic: definition.topic,
      record: { key: recordKey('demo', subject), type, sequence: undefined, value: Buffer.from(encodeEvent(event)) },
    });
  };
  return Object.assign(tell, { records: () => records });
}

/**
 * The same story in another company, which counts in another currency. Ids of orders, items and business transactions are names within a tenant
 * and stay; ids of events are not.
 */
export function elsewhere({ topic, record }: TopicRecord): TopicRecord {
  const event = decodeEvent(record.value);
  const id = (of: string): string => of.replace('-4', '-5'); // the version of the UUID
  const value = encodeEvent({ ...event, id: id(event.id), causationid: id(event.causationid), tenant: 'other' });
  const text = value.replaceAll('"EUR"', '"USD"');
  return { topic, record: { ...record, key: recordKey('other', event.subject), value: Buffer.from(text) } };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function money(cents: number): string {
  const text = (cents / 100).toFixed(2);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function idOf(text: string): string {
  const hex = createHash('sha1').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
