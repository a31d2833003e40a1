import type { Department, RecordedEvent, RequestContext } from '@instep/department';
import {
  Asked,
  DATA_SOURCE,
  DEPARTMENT,
  Operation,
  Paging,
  SETTINGS,
  Tenant,
  ValidBody,
  ValidQuery,
  pageOf,
  respond,
} from '@instep/service-host';
import type { Page, Paged, SettingsOf } from '@instep/service-host';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { DataSource } from 'typeorm';

import { adjustStock } from '../../application/adjust-stock.ts';
import { receiveStock } from '../../application/receive-stock.ts';
import { serveWaiting } from '../../application/serve-waiting.ts';
import type { settings } from '../../config.ts';
import { servedAtOnce } from '../../domain/reservation/fill-waiting.ts';
import { mainLocation } from '../../domain/reservation/shelf.ts';
import { findDrift } from '../postgres/drift.query.ts';
import type { Drift } from '../postgres/drift.query.ts';
import { findStock } from '../postgres/stock.query.ts';
import type { StockRow } from '../postgres/stock.query.ts';
import { AdjustStock, FindStock, ReceiveStock } from './requests.ts';

/** `served`: how many orders that had waited got something of it. */
interface StockChanged {
  readonly item: string;
  readonly location: string;
  readonly served: number;
}

@Controller()
export class StockController {
  readonly #department: Department;
  readonly #dataSource: DataSource;
  readonly #ledgerCurrency: string;

  constructor(
    @Inject(DEPARTMENT) department: Department,
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(SETTINGS) { ledgerCurrency }: SettingsOf<typeof settings>,
  ) {
    this.#department = department;
    this.#dataSource = dataSource;
    this.#ledgerCurrency = ledgerCurrency;
  }

  @Post('receipts')
  @Operation({ summary: 'Takes goods in. Orders that wait for them get theirs at once, who waits longest first' })
  async receive(@ValidBody(ReceiveStock) body: ReceiveStock, @Asked() asked: RequestContext): Promise<StockChanged> {
    const { item, location = mainLocation, quantity, unitCost, currency = this.#ledgerCurrency, reference = null } = body;
    const outcome = await this.#department.execute(receiveStock.with({ item, location, quantity, unitCost, currency, reference }), asked);
    return await respond(outcome, async (events) => ({ item, location, served: await this.#served(item, events, asked) }));
  }

  @Post('adjustments')
  @Operation({ summary: 'Puts the books right after a count: the difference, with its sign' })
  async adjust(@ValidBody(AdjustStock) body: AdjustStock, @Asked() asked: RequestContext): Promise<StockChanged> {
    const { item, location = mainLocation, quantity, reason } = body;
    const outcome = await this.#department.execute(adjustStock.with({ item, location, quantity, reason }), asked);
    return await respond(outcome, async (events) => ({ item, location, served: await this.#served(item, events, asked) }));
  }

  @Get('stock')
  @Operation({ summary: 'What is on hand, set aside and available, per item and location' })
  async list(@Tenant() tenant: string, @ValidQuery(FindStock) query: FindStock, @Paging(2) page: Page): Promise<Paged<StockRow>> {
    const rows = await findStock(this.#dataSource, { tenant, ...query, after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page, (row) => [row.item, row.location]);
  }

  @Get('stock/drift')
  @Operation({ summary: 'Where a channel thinks that something else is available than our books say' })
  async drift(@Tenant() tenant: string, @Paging(3) page: Page): Promise<Paged<Drift>> {
    const rows = await findDrift(this.#dataSource, { tenant, after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page, (row) => [row.channel, row.channelItem, row.location]);
  }

  /** One decision serves only so many orders: the others are served by further ones, under keys of their own so that repeating is harmless. */
  async #served(item: string, first: readonly RecordedEvent[], asked: RequestContext): Promise<number> {
    let served = reservations(first);
    for (let round = 1, last = served; last >= servedAtOnce; round += 1) {
      const request = { ...asked, idempotencyKey: `${asked.idempotencyKey}/${String(round)}` };
      const outcome = await this.#department.execute(serveWaiting.with({ item }), request);
      last = respond(outcome, reservations);
      served += last;
    }
    return served;
  }
}

function reservations(events: readonly RecordedEvent[]): number {
  return events.filter((event) => event.type === 'stock.reserved').length;
}
