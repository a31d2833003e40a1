import { readFileSync } from 'node:fs';

type Json = Record<string, unknown>;

/** The object under `name` in a fixture file; the first of a list. */
export function fixture(file: string, name: string): Json {
  const content = JSON.parse(readFileSync(new URL(`./fixtures/shopify/${file}.json`, import.meta.url), 'utf8')) as Json;
  const value = content[name];
  return (Array.isArray(value) ? value[0] : value) as Json;
}

export const cancelledOrder = (): Json => fixture('rest-2026-07-extracted/order.single', 'order');
export const refundedOrder = (): Json => fixture('rest-2026-07-extracted/order.list', 'orders');
export const oldOrder = (): Json => fixture('rest-fixtures-python-sdk/order', 'order');
export const olderListedOrder = (): Json => fixture('rest-fixtures-python-sdk/orders', 'orders');

/** Every fixture and the topic that would bring it. */
export const allFixtures: readonly (readonly [topic: string, file: string, name: string])[] = [
  ['orders/cancelled', 'rest-2026-07-extracted/order.single', 'order'],
  ['orders/updated', 'rest-2026-07-extracted/order.list', 'orders'],
  ['orders/create', 'rest-fixtures-python-sdk/order', 'order'],
  ['orders/create', 'rest-fixtures-python-sdk/orders', 'orders'],
  ['refunds/create', 'rest-2026-07-extracted/refund.single', 'refund'],
  ['refunds/create', 'rest-2026-07-extracted/refund.list', 'refunds'],
  ['refunds/create', 'rest-fixtures-python-sdk/refund', 'refund'],
  ['fulfillments/create', 'rest-2026-07-extracted/fulfillment.single', 'fulfillment'],
  ['fulfillments/update', 'rest-2026-07-extracted/fulfillment.list', 'fulfillments'],
  ['fulfillments/create', 'rest-fixtures-python-sdk/fulfillment', 'fulfillment'],
  ['customers/create', 'rest-2026-07-extracted/customer.single', 'customer'],
  ['customers/update', 'rest-fixtures-python-sdk/customer', 'customer'],
  ['products/create', 'rest-2026-07-extracted/product.single', 'product'],
  ['products/update', 'rest-2026-07-extracted/product.list', 'products'],
  ['products/update', 'rest-fixtures-python-sdk/product', 'product'],
  ['inventory_levels/update', 'rest-2026-07-extracted/inventory_level.single', 'inventory_level'],
  ['inventory_levels/connect', 'rest-2026-07-extracted/inventory_level.list', 'inventory_levels'],
  ['inventory_levels/update', 'rest-fixtures-python-sdk/inventory_level', 'inventory_level'],
  ['inventory_levels/update', 'rest-fixtures-python-sdk/inventory_levels', 'inventory_levels'],
];
