import type { ChannelFulfillment, ChannelLine, ChannelRefund, ChannelTax, Charge, EventData } from '@instep/contracts';

export type OrderReport = EventData<'channel-order.reported'>;

/** 2026-03-01 at the given second. */
export function at(second: number): string {
  return new Date(Date.UTC(2026, 2, 1) + second * 1000).toISOString();
}

export function tax(amount: string, channelLiable = false): ChannelTax {
  return { title: 'VAT', rate: null, amount: { shop: amount }, channelLiable };
}

export function charge(net: string, taxAmount = '0'): Charge {
  return { net: { shop: net }, tax: { shop: taxAmount } };
}

/** Two pieces at 10.00, shippable, with an item. */
export function line(lineId: string, more: Partial<ChannelLine> = {}): ChannelLine {
  return {
    lineId,
    item: `SKU-${lineId}`,
    sku: `SKU-${lineId}`,
    productId: null,
    variantId: null,
    title: `Shirt ${lineId}`,
    quantity: '2',
    unitPrice: { shop: '10.00' },
    discount: { shop: '0.00' },
    taxes: [],
    shippable: true,
    giftCard: false,
    ...more,
  };
}

export function fulfillment(
  fulfillmentId: string,
  updated: number,
  lines: Readonly<Record<string, string>>,
  more: Partial<ChannelFulfillment> = {},
): ChannelFulfillment {
  return {
    fulfillmentId,
    status: 'success',
    createdAt: at(updated),
    updatedAt: at(updated),
    locationId: 'L1',
    lines: Object.entries(lines).map(([lineId, quantity]) => ({ lineId, quantity })),
    tracking: { company: 'DHL', numbers: ['1Z'], urls: [] },
    ...more,
  };
}

export function refundedLine(
  lineId: string,
  quantity: string,
  restock: ChannelRefund['lines'][number]['restock'],
  net = '10.00',
): ChannelRefund['lines'][number] {
  return { lineId, quantity, restock, locationId: restock === 'return' ? 'L1' : null, net: { shop: net }, tax: { shop: '0' } };
}

export function refund(refundId: string, created: number, more: Partial<ChannelRefund> = {}): ChannelRefund {
  return { refundId, createdAt: at(created), lines: [], shipping: charge('0'), adjustment: charge('0'), money: { shop: '0' }, ...more };
}

/** An unpaid order of lines A and B, two pieces each, reported in the given second. Its total follows from its lines. */
export function report(reported: number, more: Partial<OrderReport> = {}): OrderReport {
  const lines = more.lines ?? [line('A'), line('B')];
  const total = lines.reduce((sum, each) => sum + Number(each.quantity) * Number(each.unitPrice.shop) - Number(each.discount.shop), 0);
  return {
    channel: 'sample',
    channelOrderId: '450789469',
    number: '#1001',
    reportedAt: at(reported),
    placedAt: at(0),
    test: false,
    currencies: { shop: 'EUR', presentment: 'EUR' },
    taxesIncluded: true,
    paymentStatus: null,
    cancelled: null,
    closedAt: null,
    customer: { subject: 'sub_1', email: 'e1', phone: null, channelCustomerId: '7' },
    staffId: null,
    locationId: null,
    source: 'web',
    poNumber: null,
    tags: [],
    lines,
    shipping: [],
    tip: { shop: '0' },
    duties: charge('0'),
    fees: charge('0'),
    rounding: { shop: '0' },
    total: { shop: total.toFixed(2) },
    received: { shop: '0' },
    refunds: [],
    fulfillments: [],
    personal: { name: 'Ada', email: 'ada@example.org', phone: null },
    contentHash: `hash-${String(reported)}`,
    ...more,
  };
}
