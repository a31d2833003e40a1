import type { SampleOrder } from '@instep/testkit';

import { newOrder } from '../../src/sample.ts';

/** Webhook topics and bodies of one order, each a whole picture: the end is the same in whatever order they come. */
export interface PlannedReport {
  readonly topic: string;
  readonly body: string;
}

export interface OrderKind {
  readonly name: 'plain' | 'edited' | 'shipped' | 'returned' | 'cancelled';
  /** Of 100 orders. */
  readonly share: number;
  reports(item: string): { readonly order: SampleOrder; readonly reports: readonly PlannedReport[] };
  /** What must be true in the end, of an order of one kind like any other of it. */
  readonly end: OrderEnd;
}

export interface OrderEnd {
  readonly status: string;
  /** Per account, without zeros: debits positive. */
  readonly balances: Readonly<Record<string, string>>;
  /** Journals by what they are about. */
  readonly journals: Readonly<Record<string, number>>;
  /** Units set aside, and units that left for good. */
  readonly reserved: number;
  readonly gone: number;
}

const at = (time: string): string => `2026-03-0${time}:00Z`;
const fresh = (item: string): SampleOrder => newOrder({ lines: [{ sku: item, price: '10.00' }], taxRate: 0.1 });
const create = (order: SampleOrder): PlannedReport => ({ topic: 'orders/create', body: order.body() });

/** One unit at 10.00, 5.00 shipping, 10 % tax on both; a unit costs 4.00. Paid in full: 16.50, or 27.50 for two. */
export const plainKind: OrderKind = {
  name: 'plain',
  share: 60,
  reports: (item) => {
    const order = fresh(item).paid(at('1T10:05'));
    return { order, reports: [create(order)] };
  },
  end: { status: 'confirmed', balances: { '1000': '16.5', '2000': '-16.5' }, journals: { payment: 1 }, reserved: 1, gone: 0 },
};

const otherKinds: readonly OrderKind[] = [
  {
    name: 'edited',
    share: 10,
    reports: (item) => {
      const order = fresh(item);
      const edited = order.edited(at('1T11:00'), { 0: 2 });
      const paid = edited.paid(at('1T12:00'));
      return {
        order: paid,
        reports: [create(order), { topic: 'orders/updated', body: edited.body() }, { topic: 'orders/paid', body: paid.body() }],
      };
    },
    end: { status: 'confirmed', balances: { '1000': '27.5', '2000': '-27.5' }, journals: { payment: 1 }, reserved: 2, gone: 0 },
  },
  {
    name: 'shipped',
    share: 10,
    reports: (item) => {
      const order = fresh(item).paid(at('1T10:05'));
      const shipped = order.shipped(at('2T09:00'));
      return { order: shipped, reports: [create(order), { topic: 'fulfillments/create', body: shipped.fulfillmentBody() }] };
    },
    end: {
      status: 'completed',
      balances: { '1000': '16.5', '1200': '-4', '2100': '-1.5', '4000': '-10', '4100': '-5', '5000': '4' },
      journals: { payment: 1, shipment: 1, 'cost-of-goods': 1 },
      reserved: 0,
      gone: 1,
    },
  },
  {
    name: 'returned',
    share: 10,
    reports: (item) => {
      const order = fresh(item).paid(at('1T10:05'));
      const shipped = order.shipped(at('2T09:00'));
      const returned = shipped.refunded({ at: at('4T09:00'), lines: [{ line: 0, quantity: 1, restock: 'return' }] });
      return {
        order: returned,
        reports: [
          create(order),
          { topic: 'fulfillments/create', body: shipped.fulfillmentBody() },
          { topic: 'refunds/create', body: returned.refundBody() },
        ],
      };
    },
    end: {
      status: 'completed',
      balances: { '1000': '5.5', '2100': '-0.5', '4100': '-5' },
      journals: { payment: 1, shipment: 1, refund: 1, 'cost-of-goods': 2 },
      reserved: 0,
      gone: 0,
    },
  },
  {
    name: 'cancelled',
    share: 10,
    reports: (item) => {
      const order = fresh(item).paid(at('1T10:05'));
      const cancelled = order.cancelled(at('3T09:00'));
      return { order: cancelled, reports: [create(order), { topic: 'orders/cancelled', body: cancelled.body() }] };
    },
    end: { status: 'cancelled', balances: {}, journals: { payment: 1, refund: 1 }, reserved: 0, gone: 0 },
  },
];

/** The kind that a number from 0 to 1 falls on. */
export function kindFor(chance: number): OrderKind {
  let left = chance * 100;
  for (const kind of otherKinds) {
    left -= kind.share;
    if (left < 0) return kind;
  }
  return plainKind;
}
