import type { Department, RequestContext } from '@instep/department';
import { Asked, DATA_SOURCE, DEPARTMENT, Operation, Paging, Tenant, ValidBody, ValidQuery, pageOf, respond } from '@instep/service-host';
import type { Page, Paged } from '@instep/service-host';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { DataSource } from 'typeorm';

import { registerItem } from '../../application/register-item.ts';
import { findItems } from '../postgres/items.query.ts';
import type { CatalogItem } from '../postgres/items.query.ts';
import { FindItems, RegisterItem } from './requests.ts';

@Controller('items')
export class ItemsController {
  readonly #department: Department;
  readonly #dataSource: DataSource;

  constructor(@Inject(DEPARTMENT) department: Department, @Inject(DATA_SOURCE) dataSource: DataSource) {
    this.#department = department;
    this.#dataSource = dataSource;
  }

  @Post()
  @Operation({ summary: 'Registers an item that can be stocked, or changes how it is described' })
  async register(@ValidBody(RegisterItem) body: RegisterItem, @Asked() asked: RequestContext): Promise<{ item: string; changed: boolean }> {
    const { item, title, unit = 'piece', sku = null, channelItems = [] } = body;
    const outcome = await this.#department.execute(registerItem.with({ item, title, unit, sku, channelItems }), asked);
    return respond(outcome, (events) => ({ item, changed: events.length > 0 }));
  }

  @Get()
  @Operation({ summary: 'The items that are registered' })
  async list(@Tenant() tenant: string, @ValidQuery(FindItems) query: FindItems, @Paging() page: Page): Promise<Paged<CatalogItem>> {
    const rows = await findItems(this.#dataSource, { tenant, sku: query.sku, after: page.after[0], limit: page.limit + 1 });
    return pageOf(rows, page, (row) => [row.item]);
  }
}
