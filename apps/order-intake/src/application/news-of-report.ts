import type { ChannelFulfillment, ChannelRefund, ChannelTax, Charge, EventData } from '@instep/contracts';
import { decimal } from '@instep/values';

import type { ExactAmounts } from '../domain/order/amounts.ts';
import { exact, minus, noAmounts, plus } from '../domain/order/amounts.ts';
import type { ExactCharge, PricedLine } from '../domain/order/content.ts';
import { contentOf } from '../domain/order/content.ts';
import type { Refund, Shipment } from '../domain/order/order-event.ts';
import type { Report } from '../domain/order/receive-report.ts';
import type { Snapshot } from '../domain/order/snapshot.ts';

type OrderReport = EventData<'channel-order.reported'>;

/** One order id for ever: the channel (id of the connection) and the channel's own id. */
export function orderIdOf({ channel, channelOrderId }: { readonly channel: string; readonly channelOrderId: string }): string {
  return `${channel}:${channelOrderId}`;
}

/** A channel's report of an order in our words. */
export function newsOfOrder(report: OrderReport): Report {
  return {
    orderId: orderIdOf(report),
    snapshot: snapshotOf(report),
    cancelled: report.cancelled,
    refunds: report.refunds.map((refund) => refundOf(refund)),
    shipments: report.fulfillments.map(shipmentOf),
  };
}

export function refundOf({ refundId, createdAt, lines, shipping, adjustment, money }: ChannelRefund): Refund {
  return {
    refundId,
    at: createdAt,
    lines: lines.map(({ lineId, quantity, net, tax, restock, locationId }) => ({
      lineId,
      quantity: decimal(quantity),
      net: decimal(net.shop),
      tax: decimal(tax.shop),
      restock,
      locationId,
    })),
    shipping: chargeOf(shipping),
    adjustment: chargeOf(adjustment),
    money: decimal(money.shop),
  };
}

export function shipmentOf(fulfillment: ChannelFulfillment): Shipment {
  return { ...fulfillment, lines: fulfillment.lines.map(({ lineId, quantity }) => ({ lineId, quantity: decimal(quantity) })) };
}

function snapshotOf(report: OrderReport): Snapshot {
  const { channel, channelOrderId, number, placedAt, test, currencies, customer, staffId, locationId, personal } = report;
  const shipping = report.shipping.map(({ charge, taxes }) => ({ charge: chargeOf(charge), channelTax: taxOf(taxes ?? [], true) }));
  return {
    stamp: { at: report.reportedAt, tie: tieOf(report) },
    channel,
    channelOrderId,
    head: { number, placedAt, test, currencies, customer, staffId, locationId, personal },
    content: contentOf({
      lines: report.lines.map(lineOf),
      taxesIncluded: report.taxesIncluded,
      shipping: shipping.map(({ charge, channelTax }) => ({ net: charge.net, tax: minus(charge.tax, channelTax) })),
      channelTax: shipping.reduce((sum, { channelTax }) => plus(sum, channelTax), noAmounts),
      duties: chargeOf(report.duties),
      fees: chargeOf(report.fees),
      tip: exact(report.tip),
      rounding: exact(report.rounding),
      total: exact(report.total),
    }),
    received: decimal(report.received.shop),
  };
}

/** Channels stamp by the second. Of two reports of one second, the one in which more has happened is the later one. */
function tieOf({ cancelled, refunds, fulfillments, received, contentHash }: OrderReport): string {
  const happened = [cancelled === null ? 0 : 1, refunds.length, fulfillments.length].map((count) => String(count).padStart(3, '0'));
  return [...happened, decimal(received.shop).split('.')[0]?.padStart(12, '0'), contentHash].join('-');
}

function lineOf({
  lineId,
  item,
  title,
  quantity,
  unitPrice,
  discount,
  taxes,
  shippable,
  giftCard,
}: OrderReport['lines'][number]): PricedLine {
  return {
    lineId,
    item,
    title,
    quantity: decimal(quantity),
    unitPrice: exact(unitPrice),
    discount: exact(discount),
    tax: taxOf(taxes, false),
    channelTax: taxOf(taxes, true),
    shippable,
    giftCard,
  };
}

function taxOf(taxes: readonly ChannelTax[], channelLiable: boolean): ExactAmounts {
  let sum = noAmounts;
  for (const tax of taxes) if (tax.channelLiable === channelLiable) sum = plus(sum, exact(tax.amount));
  return sum;
}

function chargeOf({ net, tax }: Charge): ExactCharge {
  return { net: exact(net), tax: exact(tax) };
}
