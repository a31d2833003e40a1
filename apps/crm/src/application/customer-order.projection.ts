import type { EventData, OrderHead } from '@instep/contracts';
import { view } from '@instep/department';
import type { IncomingEvent } from '@instep/department';
import { compare, decimal, sum, zero } from '@instep/values';

import { identitiesOf } from './contact-of.ts';

/** What a customer's page tells of an order. Amounts are in the shop's currency. */
export type CustomerOrderRow = {
  readonly tenant: string;
  readonly orderId: string;
  /** The strongest identity that the order names: it leads to the customer. Null for a guest of whom nothing is known. */
  readonly identity: string | null;
  readonly channel: string;
  readonly number: string;
  /** ISO 8601, UTC, always with milliseconds, so that text sorts as time. */
  readonly placedAt: string;
  readonly test: boolean;
  readonly currency: string;
  readonly total: string;
  /** Captured, gross of refunds. */
  readonly received: string;
  readonly refunded: string;
  readonly shipping: ShippingState;
  readonly held: boolean;
  readonly cancelledAt: string | null;
  /** JSON of Facts. */
  readonly facts: string;
};

export type ShippingState = 'open' | 'backordered' | 'partial' | 'shipped' | 'nothing-to-ship';

interface Facts {
  /** Money that went back, by refund: a refund that is told again replaces itself. */
  readonly refunds: Readonly<Record<string, string>>;
  readonly shipments: readonly string[];
  /** Nothing is left to ship. */
  readonly complete: boolean;
  readonly waiting: boolean;
}

/** Orders as customers see them, folded from the events of each order. */
export const customerOrder = view<CustomerOrderRow>({
  table: { name: 'customer_order', key: ['tenant', 'orderId'] },
  on: {
    'order.placed': { keys, fold: (_row, event) => placed(event) },
    'order.amended': { keys, fold: (row, { tenant, data }) => row && amended(row, tenant, data) },
    'order.released': { keys, fold: (row, { data }) => row && { ...row, held: false, total: decimal(data.content.total.shop) } },
    'order.held': { keys, fold: (row) => row && { ...row, held: true } },
    'order.paid': { keys, fold: (row, { data }) => row && { ...row, received: decimal(data.received) } },
    'order.refunded': { keys, fold: (row, { data }) => row && refunded(row, data.refundId, data.money) },
    'order.confirmed': { keys, fold: (row) => row && withFacts(row, { waiting: false }) },
    'order.backordered': { keys, fold: (row) => row && withFacts(row, { waiting: true }) },
    'order.shipped': { keys, fold: (row, { data }) => row && shipped(row, data) },
    'order.shipment-cancelled': { keys, fold: (row, { data }) => row && unshipped(row, data.shipmentId) },
    'order.completed': { keys, fold: (row) => row && withFacts(row, { complete: true }) },
    'order.cancelled': { keys, fold: (row, { data }) => row && { ...row, cancelledAt: toMilliseconds(data.at) } },
  },
});

function keys({ tenant, subject }: IncomingEvent): readonly [readonly [string, string]] {
  return [[tenant, subject]];
}

function placed({ tenant, subject, data }: IncomingEvent<'order.placed'>): CustomerOrderRow {
  return {
    tenant,
    orderId: subject,
    channel: data.channel,
    ...headOf(tenant, data.channel, data),
    total: decimal(data.content.total.shop),
    received: zero,
    refunded: zero,
    shipping: 'open',
    held: data.hold !== null,
    cancelledAt: null,
    facts: JSON.stringify({ refunds: {}, shipments: [], complete: false, waiting: false } satisfies Facts),
  };
}

function amended(row: CustomerOrderRow, tenant: string, { content, head, changes }: EventData<'order.amended'>): CustomerOrderRow {
  const grows = changes.some(({ before, after }) => compare(decimal(after), decimal(before)) > 0);
  const after = { ...row, ...(head ? headOf(tenant, row.channel, head) : {}), total: decimal(content.total.shop) };
  return grows ? withFacts(after, { complete: false }) : after;
}

function headOf(tenant: string, channel: string, { customer, number, placedAt, test, currencies }: OrderHead) {
  const [strongest] = identitiesOf(tenant, channel, customer).identities;
  return { identity: strongest?.id ?? null, number, placedAt: toMilliseconds(placedAt), test, currency: currencies.shop };
}

function refunded(row: CustomerOrderRow, refundId: string, money: string): CustomerOrderRow {
  const refunds = { ...factsOf(row).refunds, [refundId]: decimal(money) };
  return { ...withFacts(row, { refunds }), refunded: sum(Object.values(refunds).map(decimal)) };
}

function shipped(row: CustomerOrderRow, { shipmentId, complete }: EventData<'order.shipped'>): CustomerOrderRow {
  const { shipments } = factsOf(row);
  return withFacts(row, { shipments: shipments.includes(shipmentId) ? shipments : [...shipments, shipmentId], complete });
}

function unshipped(row: CustomerOrderRow, shipmentId: string): CustomerOrderRow {
  return withFacts(row, { shipments: factsOf(row).shipments.filter((id) => id !== shipmentId), complete: false });
}

function withFacts(row: CustomerOrderRow, change: Partial<Facts>): CustomerOrderRow {
  const facts = { ...factsOf(row), ...change };
  return { ...row, facts: JSON.stringify(facts), shipping: shippingState(facts) };
}

function shippingState({ shipments, complete, waiting }: Facts): ShippingState {
  if (complete) return shipments.length > 0 ? 'shipped' : 'nothing-to-ship';
  if (shipments.length > 0) return 'partial';
  return waiting ? 'backordered' : 'open';
}

function factsOf(row: CustomerOrderRow): Facts {
  return JSON.parse(row.facts) as Facts;
}

function toMilliseconds(instant: string): string {
  return `${instant.slice(0, 19)}.${instant.slice(20, -1).padEnd(3, '0').slice(0, 3)}Z`;
}
