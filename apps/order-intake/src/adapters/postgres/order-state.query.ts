import type { DataSource } from 'typeorm';

import type { OrderState } from '../../domain/order/order-state.ts';
import { order } from '../../domain/order/order.ts';

/** What an order's stream says now. Undefined when nothing was ever heard of it. */
export async function findOrderState(
  dataSource: DataSource,
  tenant: string,
  id: string,
): Promise<{ state: OrderState; version: number } | undefined> {
  const rows = await dataSource.query<{ version: string; state: OrderState }[]>(
    'SELECT version, state FROM stream WHERE tenant = $1 AND stream = $2 AND id = $3',
    [tenant, order.name, id],
  );
  const row = rows[0];
  return row && { state: row.state, version: Number(row.version) };
}
