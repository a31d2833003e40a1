import { serviceNames } from '@instep/contracts';
import type { ServiceName } from '@instep/contracts';

import { unbalanced } from './books.ts';
import type { Company } from './company.ts';
import { orderIdOf } from './sample.ts';
import type { ShopLoad } from './shop-load.ts';

/** Where orders that a shop sold are found in each department, and what must be nowhere. */
export interface Found {
  readonly placed: readonly string[];
  readonly reserved: readonly string[];
  readonly paid: readonly string[];
  readonly customers: number;
  readonly setAside: string;
  readonly onHand: string;
  readonly unbalanced: readonly string[];
  readonly parked: readonly unknown[];
}

/** What there has to be when every acknowledged order of one unit had its effect once. */
export function expectedOf(shop: ShopLoad, onHand: number): Found {
  const sold = shop.acknowledged.map(orderIdOf).sort();
  const nowhere = { unbalanced: [], parked: [] };
  return {
    placed: sold,
    reserved: sold,
    paid: sold,
    customers: sold.length,
    setAside: String(sold.length),
    onHand: String(onHand),
    ...nowhere,
  };
}

export async function foundIn(company: Company): Promise<Found> {
  const ids = async (service: ServiceName, sql: string): Promise<string[]> =>
    (await company.query<{ id: string }>(service, sql)).map(({ id }) => id).sort();
  const [stock] = await company.query<{ reserved: string; on_hand: string }>(
    'inventory',
    'SELECT sum(reserved)::text AS reserved, sum(on_hand)::text AS on_hand FROM stock_level',
  );
  const parked = await Promise.all(serviceNames.map((service) => company.query(service, 'SELECT topic, key, reason FROM parked_event')));
  return {
    placed: await ids('order-intake', 'SELECT order_id AS id FROM order_summary'),
    reserved: await ids('inventory', `SELECT id FROM stream WHERE stream = 'reservation'`),
    paid: await ids('finance', `SELECT order_id AS id FROM journal_line WHERE kind = 'payment' AND account = '1000' AND amount = 16.5`),
    customers: (await ids('crm', `SELECT id FROM stream WHERE stream = 'customer'`)).length,
    setAside: stock?.reserved ?? '',
    onHand: stock?.on_hand ?? '',
    unbalanced: await unbalanced(company),
    parked: parked.flat(),
  };
}
