import type { EventData } from '@instep/contracts';

import { contentHash } from '../content-hash.ts';
import { mapCustomer } from './customer.ts';
import { mapFulfillment } from './fulfillment.ts';
import { mapOrder } from './order.ts';
import { mapProduct } from './product.ts';
import type { Node } from './read.ts';
import { id, instant, optionalInstant } from './read.ts';
import { currenciesOf, mapRefund } from './refund.ts';
import { mapStock } from './stock.ts';

/** What one webhook says, in the words of the `channels` topic. */
export type ChannelReport =
  | { readonly type: 'channel-order.reported'; readonly data: EventData<'channel-order.reported'> }
  | { readonly type: 'channel-refund.reported'; readonly data: EventData<'channel-refund.reported'> }
  | { readonly type: 'channel-fulfillment.reported'; readonly data: EventData<'channel-fulfillment.reported'> }
  | { readonly type: 'channel-customer.reported'; readonly data: EventData<'channel-customer.reported'> }
  | { readonly type: 'channel-product.reported'; readonly data: EventData<'channel-product.reported'> }
  | { readonly type: 'channel-stock.reported'; readonly data: EventData<'channel-stock.reported'> };

export interface Origin {
  readonly tenant: string;
  readonly channel: string;
}

export function orderReport(body: Node, { channel, tenant }: Origin): ChannelReport {
  return { type: 'channel-order.reported', data: mapOrder(body, channel, tenant) };
}

/** ISO 4217 for "no currency is involved". */
const noCurrency = { shop: 'XXX', presentment: 'XXX' };

export function refundReport(body: Node, { channel }: Origin): ChannelReport {
  const currencies = currenciesOf(body);
  const { refund } = mapRefund(body, { currencies: currencies ?? noCurrency, taxesIncluded: undefined });
  const data = {
    channel,
    channelOrderId: id(body, 'order_id'),
    reportedAt: optionalInstant(body, 'processed_at') ?? instant(body, 'created_at'),
    currencies,
    refund,
    contentHash: contentHash(refund),
  };
  return { type: 'channel-refund.reported', data };
}

export function fulfillmentReport(body: Node, { channel }: Origin): ChannelReport {
  const fulfillment = mapFulfillment(body);
  const data = {
    channel,
    channelOrderId: id(body, 'order_id'),
    reportedAt: fulfillment.updatedAt,
    fulfillment,
    contentHash: contentHash(fulfillment),
  };
  return { type: 'channel-fulfillment.reported', data };
}

export function customerReport(body: Node, { channel, tenant }: Origin): ChannelReport {
  return { type: 'channel-customer.reported', data: mapCustomer(body, channel, tenant) };
}

export function productReport(body: Node, { channel }: Origin): ChannelReport {
  return { type: 'channel-product.reported', data: mapProduct(body, channel) };
}

export function stockReport(body: Node, { channel }: Origin): ChannelReport {
  return { type: 'channel-stock.reported', data: mapStock(body, channel) };
}
