import type { DataSource } from 'typeorm';
import { MoreThan } from 'typeorm';

import type { OrderHistoryEntry } from '../../application/order-history.projection.ts';
import { orderHistorySchema } from './order-history.schema.ts';

/** From the first event on; `after` is a version. */
export async function findHistory(
  dataSource: DataSource,
  { tenant, orderId, after, limit }: { readonly tenant: string; readonly orderId: string; readonly after: number; readonly limit: number },
): Promise<OrderHistoryEntry[]> {
  return dataSource
    .getRepository(orderHistorySchema)
    .find({ where: { tenant, orderId, version: MoreThan(after) }, order: { version: 'ASC' }, take: limit });
}
