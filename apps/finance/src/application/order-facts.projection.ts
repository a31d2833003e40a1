import type { EventData } from '@instep/contracts';
import { rowFacts, view } from '@instep/department';
import type { IncomingEvent } from '@instep/department';
import type { Decimal } from '@instep/values';
import { add, decimal, zero } from '@instep/values';

import type { GoodsBack, OrderFacts, RefundFacts, RefundedLine } from '../domain/order-facts.ts';

export type OrderFactsRow = { readonly tenant: string; readonly orderId: string; readonly facts: string };

const kept = rowFacts<OrderFacts>();

/** What finance knows of each order, folded from the order's events. */
export const orderFacts = view<OrderFactsRow>({
  table: { name: 'order_facts', key: ['tenant', 'orderId'] },
  on: {
    'order.placed': { keys, fold: (row, event) => written(row, event, (facts) => placed(facts, event.data)) },
    'order.amended': { keys, fold: (row, event) => written(row, event, (facts) => amended(facts, event.data)) },
    'order.released': { keys, fold: (row, event) => written(row, event, (facts) => withContent(facts, event.data.content)) },
    'order.paid': {
      keys,
      fold: (row, event) =>
        written(row, event, (facts) => ({ ...facts, currency: event.data.currency, received: decimal(event.data.received) })),
    },
    'order.shipped': { keys, fold: (row, event) => written(row, event, (facts) => withShipment(facts, event.data)) },
    'order.shipment-cancelled': {
      keys,
      fold: (row, event) => written(row, event, (facts) => withoutShipment(facts, event.data.shipmentId)),
    },
    'order.refunded': { keys, fold: (row, event) => written(row, event, (facts) => withRefund(facts, event.data)) },
    'order.returned': { keys, fold: (row, event) => written(row, event, (facts) => withGoodsBack(facts, event.data)) },
  },
});

/** The facts that a row holds. */
export function readFacts(row: OrderFactsRow): OrderFacts {
  return kept.read(row);
}

function keys({ tenant, subject }: IncomingEvent): readonly [readonly [string, string]] {
  return [[tenant, subject]];
}

function written(
  row: OrderFactsRow | undefined,
  { tenant, subject }: IncomingEvent,
  change: (facts: OrderFacts) => OrderFacts,
): OrderFactsRow {
  return kept.write({ tenant, orderId: subject }, change(row ? readFacts(row) : unknown));
}

const unknown: OrderFacts = {
  currency: 'XXX',
  test: false,
  lines: {},
  charges: { shipping: zero, dutiesAndFees: zero, tip: zero, rounding: zero, tax: zero, channelTax: zero },
  received: zero,
  shipments: {},
  refunds: {},
};

function placed(facts: OrderFacts, data: EventData<'order.placed'>): OrderFacts {
  return withContent({ ...facts, currency: data.currencies.shop, test: data.test }, data.content);
}

function amended(facts: OrderFacts, { head, content }: EventData<'order.amended'>): OrderFacts {
  const named = head ? { ...facts, currency: head.currencies.shop, test: head.test } : facts;
  return withContent(named, content);
}

function withContent(facts: OrderFacts, content: EventData<'order.placed'>['content']): OrderFacts {
  const { shipping, duties, fees } = content;
  return {
    ...facts,
    lines: Object.fromEntries(
      content.lines.map(({ lineId, quantity, net, tax, giftCard }) => [
        lineId,
        { quantity: decimal(quantity), net: decimal(net.shop), tax: decimal(tax.shop), giftCard },
      ]),
    ),
    charges: {
      shipping: decimal(shipping.net.shop),
      dutiesAndFees: add(decimal(duties.net.shop), decimal(fees.net.shop)),
      tip: decimal(content.tip.shop),
      rounding: add(decimal(content.rounding.shop), decimal(content.difference?.shop ?? '0')),
      tax: [shipping, duties, fees].reduce((all, { tax }) => add(all, decimal(tax.shop)), zero),
      channelTax: decimal(content.channelTax?.shop ?? '0'),
    },
  };
}

function withShipment(facts: OrderFacts, { shipmentId, lines }: EventData<'order.shipped'>): OrderFacts {
  const shipment = Object.fromEntries(lines.map(({ lineId, quantity }) => [lineId, decimal(quantity)]));
  return { ...facts, shipments: { ...facts.shipments, [shipmentId]: shipment } };
}

function withoutShipment(facts: OrderFacts, shipmentId: string): OrderFacts {
  const { [shipmentId]: gone, ...shipments } = facts.shipments;
  return gone === undefined ? facts : { ...facts, shipments };
}

function withRefund(facts: OrderFacts, data: EventData<'order.refunded'>): OrderFacts {
  const earlier = facts.refunds[data.refundId];
  const lines: Record<string, RefundedLine> = {};
  for (const { lineId, quantity, net, tax } of data.lines) {
    const so = lines[lineId] ?? { quantity: zero, net: zero, tax: zero };
    lines[lineId] = { quantity: add(so.quantity, decimal(quantity)), net: add(so.net, decimal(net)), tax: add(so.tax, decimal(tax)) };
  }
  const refund: RefundFacts = {
    lines,
    shippingNet: decimal(data.shipping.net.shop),
    shippingTax: decimal(data.shipping.tax.shop),
    adjustmentNet: decimal(data.adjustment.net.shop),
    adjustmentTax: decimal(data.adjustment.tax.shop),
    money: decimal(data.money),
    ...(earlier?.goods ? { goods: earlier.goods } : {}),
  };
  return { ...facts, currency: data.currency, refunds: { ...facts.refunds, [data.refundId]: refund } };
}

function withGoodsBack(facts: OrderFacts, { refundId, lines }: EventData<'order.returned'>): OrderFacts {
  const goods: Record<string, Partial<Record<GoodsBack, Decimal>>> = {};
  for (const { lineId, restock, quantity } of lines) {
    const so = goods[lineId] ?? {};
    goods[lineId] = { ...so, [restock]: add(so[restock] ?? zero, decimal(quantity)) };
  }
  const refund = facts.refunds[refundId] ?? {
    lines: {},
    shippingNet: zero,
    shippingTax: zero,
    adjustmentNet: zero,
    adjustmentTax: zero,
    money: zero,
  };
  return { ...facts, refunds: { ...facts.refunds, [refundId]: { ...refund, goods } } };
}
