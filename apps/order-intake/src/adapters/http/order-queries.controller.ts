import { DATA_SOURCE, found, Operation, pageOf, Paging, Problem, Tenant, ValidQuery } from '@instep/service-host';
import type { Page, Paged } from '@instep/service-host';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { DataSource } from 'typeorm';

import type { OrderHistoryEntry } from '../../application/order-history.projection.ts';
import type { OrderSummary } from '../../application/order-summary.projection.ts';
import type { OrderView } from '../../application/order-view.ts';
import { orderView } from '../../application/order-view.ts';
import { findOrders } from '../postgres/find-orders.query.ts';
import { findHistory } from '../postgres/order-history.query.ts';
import { findOrderState } from '../postgres/order-state.query.ts';
import { FindOrders } from './requests.ts';

@Controller('orders')
export class OrderQueriesController {
  readonly #dataSource: DataSource;

  constructor(@Inject(DATA_SOURCE) dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  @Get()
  @Operation({ summary: 'Orders, by channel, by id at the channel, by status' })
  async list(
    @Tenant() tenant: string,
    @ValidQuery(FindOrders) query: FindOrders,
    @Paging() page: Page,
  ): Promise<Paged<Omit<OrderSummary, 'tenant' | 'attention'>>> {
    const rows = await findOrders(this.#dataSource, { tenant, ...query, after: page.after[0], limit: page.limit + 1 });
    return pageOf(
      rows,
      page,
      (row) => [row.orderId],
      ({ tenant: _, attention: __, ...shown }) => shown,
    );
  }

  @Get(':id')
  @Operation({ summary: 'One order as it stands: lines, shipments, refunds, what holds it, what it waits for' })
  async byId(@Tenant() tenant: string, @Param('id') id: string): Promise<OrderView> {
    const stream = await findOrderState(this.#dataSource, tenant, id);
    return found(stream && orderView(tenant, id, stream.state, stream.version), 'order/unknown', `There is no order ${id}.`);
  }

  @Get(':id/history')
  @Operation({ summary: 'What happened to an order, in words' })
  async history(
    @Tenant() tenant: string,
    @Param('id') orderId: string,
    @Paging() page: Page,
  ): Promise<Paged<Omit<OrderHistoryEntry, 'tenant' | 'orderId'>>> {
    const after = Number(page.after[0] ?? 0);
    if (!Number.isSafeInteger(after)) throw new Problem(400, 'request/invalid-page', 'after is the next of an earlier answer, unchanged.');
    const rows = await findHistory(this.#dataSource, { tenant, orderId, after, limit: page.limit + 1 });
    return pageOf(
      rows,
      page,
      (row) => [String(row.version)],
      ({ tenant: _, orderId: __, ...shown }) => shown,
    );
  }
}
