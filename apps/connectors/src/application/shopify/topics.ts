import type { ChannelReport, Origin } from './reports.ts';
import { customerReport, fulfillmentReport, orderReport, productReport, refundReport, stockReport } from './reports.ts';
import type { Node } from './read.ts';

interface TopicMapping {
  /** What the webhook is about: part of the raw record's key, so that everything about one object is in one partition, in order. */
  readonly kind: string;
  /** Where its id is in the body. */
  readonly idFields: readonly string[];
  /** Undefined: kept raw and no more. */
  readonly report?: (body: Node, origin: Origin) => ChannelReport;
}

const order = { kind: 'order', idFields: ['id'], report: orderReport };
const fulfillment = { kind: 'order', idFields: ['order_id'], report: fulfillmentReport };
const customer = { kind: 'customer', idFields: ['id'], report: customerReport };
const product = { kind: 'product', idFields: ['id'], report: productReport };
const stock = { kind: 'stock', idFields: ['inventory_item_id', 'location_id'], report: stockReport };

/** The topics that we know. Others are kept raw and counted. */
export const shopifyTopics: ReadonlyMap<string, TopicMapping> = new Map<string, TopicMapping>([
  ['orders/create', order],
  ['orders/updated', order],
  ['orders/paid', order],
  ['orders/cancelled', order],
  ['orders/fulfilled', order],
  ['orders/partially_fulfilled', order],
  // What was edited, as deltas and no order; `orders/updated` with the whole order follows each edit.
  ['orders/edited', { kind: 'order', idFields: ['order_edit/order_id'] }],
  ['orders/delete', { kind: 'order', idFields: ['id'] }],
  ['refunds/create', { kind: 'order', idFields: ['order_id'], report: refundReport }],
  ['fulfillments/create', fulfillment],
  ['fulfillments/update', fulfillment],
  ['customers/create', customer],
  ['customers/update', customer],
  ['products/create', product],
  ['products/update', product],
  ['inventory_levels/update', stock],
  ['inventory_levels/connect', stock],
]);
