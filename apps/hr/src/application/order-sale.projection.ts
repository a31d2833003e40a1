import type { EventData, OrderContent } from '@instep/contracts';
import { rowFacts, view } from '@instep/department';
import type { IncomingEvent } from '@instep/department';
import { decimal, sum, zero } from '@instep/values';

import type { SaleFacts } from '../domain/commission/sale-facts.ts';

export type OrderSaleRow = {
  readonly tenant: string;
  readonly orderId: string;
  readonly channel: string;
  /** JSON of SaleFacts. */
  readonly facts: string;
};

const kept = rowFacts<SaleFacts>();

/** What hr knows of each order, folded from the order's events. Nothing personal is kept. */
export const orderSale = view<OrderSaleRow>({
  table: { name: 'order_sale', key: ['tenant', 'orderId'] },
  on: {
    'order.placed': { keys, fold: (_row, event) => placed(event) },
    'order.amended': { keys, fold: (row, { data }) => row && written(row, amended(readSale(row), row.channel, data)) },
    'order.released': { keys, fold: (row, { data }) => row && written(row, withContent(readSale(row), data.content)) },
    'order.paid': { keys, fold: (row, { data }) => row && written(row, { ...readSale(row), received: decimal(data.received) }) },
    'order.refunded': { keys, fold: (row, { data }) => row && written(row, refunded(readSale(row), data)) },
    'order.cancelled': { keys, fold: (row) => row && written(row, { ...readSale(row), cancelled: true }) },
  },
});

/** The facts that a row holds. */
export function readSale(row: OrderSaleRow): SaleFacts {
  return kept.read(row);
}

function keys({ tenant, subject }: IncomingEvent): readonly [readonly [string, string]] {
  return [[tenant, subject]];
}

function written(row: OrderSaleRow, facts: SaleFacts): OrderSaleRow {
  return kept.write(row, facts);
}

function placed({ tenant, subject, data }: IncomingEvent<'order.placed'>): OrderSaleRow {
  const staff = staffOf(data.channel, data.staffId);
  const empty: SaleFacts = {
    staff,
    named: staff !== null,
    currency: data.currencies.shop,
    test: data.test,
    goods: zero,
    giftCards: [],
    refunds: {},
    total: zero,
    received: zero,
    cancelled: false,
  };
  return kept.write({ tenant, orderId: subject, channel: data.channel }, withContent(empty, data.content));
}

function amended(facts: SaleFacts, channel: string, { content, head }: EventData<'order.amended'>): SaleFacts {
  if (!head) return withContent(facts, content);
  const staff = staffOf(channel, head.staffId);
  return withContent({ ...facts, staff, named: facts.named || staff !== null, currency: head.currencies.shop, test: head.test }, content);
}

function withContent(facts: SaleFacts, { lines, total }: OrderContent): SaleFacts {
  const goods = sum(lines.filter(({ giftCard }) => !giftCard).map(({ net }) => decimal(net.shop)));
  const giftCards = lines.filter(({ giftCard }) => giftCard).map(({ lineId }) => lineId);
  return { ...facts, goods, giftCards, total: decimal(total.shop) };
}

function refunded(facts: SaleFacts, { refundId, lines, shipping, adjustment }: EventData<'order.refunded'>): SaleFacts {
  const goods = sum(lines.filter(({ lineId }) => !facts.giftCards.includes(lineId)).map(({ net }) => decimal(net)));
  const charges = [shipping, adjustment].flatMap(({ net, tax }) => [net.shop, tax.shop]);
  const credit = sum([...lines.flatMap(({ net, tax }) => [net, tax]), ...charges].map(decimal));
  return { ...facts, refunds: { ...facts.refunds, [refundId]: { goods, credit } } };
}

function staffOf(channel: string, staffId: string | null): string | null {
  return staffId === null ? null : `${channel}:${staffId}`;
}
