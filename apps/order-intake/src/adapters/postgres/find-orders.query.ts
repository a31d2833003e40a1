import type { DataSource } from 'typeorm';
import { MoreThan } from 'typeorm';

import type { OrderStatus, OrderSummary } from '../../application/order-summary.projection.ts';
import { needAttention } from '../../application/order-summary.projection.ts';
import { orderSummarySchema } from './order-summary.schema.ts';

export interface OrderSearch {
  readonly tenant: string;
  readonly channel?: string | undefined;
  readonly channelOrderId?: string | undefined;
  readonly status?: OrderStatus | undefined;
  /** Order id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Sorted by order id. */
export async function findOrders(
  dataSource: DataSource,
  { tenant, channel, channelOrderId, status, after, limit }: OrderSearch,
): Promise<OrderSummary[]> {
  return dataSource.getRepository(orderSummarySchema).find({
    where: {
      tenant,
      ...(channel === undefined ? {} : { channel }),
      ...(channelOrderId === undefined ? {} : { channelOrderId }),
      ...(status === undefined ? {} : { status }),
      ...(status !== undefined && needAttention.includes(status) ? { attention: status } : {}),
      ...(after === undefined ? {} : { orderId: MoreThan(after) }),
    },
    order: { orderId: 'ASC' },
    take: limit,
  });
}
