import { DATA_SOURCE, Operation, Paging, Problem, Tenant, ValidQuery, pageOf } from '@instep/service-host';
import type { Page, Paged } from '@instep/service-host';
import { Controller, Get, Inject } from '@nestjs/common';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { MoreThan } from 'typeorm';
import type { DataSource } from 'typeorm';

import type { CommissionEntryRow, OrderCommissionRow } from '../../application/commission.projection.ts';
import { findEntries } from '../postgres/commission-entries.query.ts';
import { orderCommissionSchema } from '../postgres/commission.schema.ts';
import { spelt } from './employee-bodies.ts';

const id = Type.Optional(Type.String({ minLength: 1, maxLength: 255 }));
const FindCommissions = Type.Object({ orderId: id, employeeId: id }, { additionalProperties: false });
type FindCommissions = Static<typeof FindCommissions>;

@Controller('commissions')
export class CommissionsController {
  readonly #dataSource: DataSource;

  constructor(@Inject(DATA_SOURCE) dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  @Get()
  @Operation({ summary: 'Commission per order, of one order or one employee; employeeId is null while no employee has the staff id' })
  async list(@Tenant() tenant: string, @ValidQuery(FindCommissions) query: FindCommissions, @Paging() page: Page): Promise<Paged<unknown>> {
    const [after] = page.after;
    const { orderId, employeeId } = query;
    const rows = await this.#dataSource.getRepository(orderCommissionSchema).find({
      where: {
        tenant,
        ...(employeeId !== undefined && { employeeId }),
        ...(orderId !== undefined ? { orderId } : after !== undefined && { orderId: MoreThan(after) }),
      },
      order: { orderId: 'ASC' },
      take: page.limit + 1,
    });
    return pageOf(rows, page, (row) => [row.orderId], commissionBody);
  }

  @Get('entries')
  @Operation({ summary: 'Every change of commission, of one order or one employee: by order, as they happened' })
  async entries(
    @Tenant() tenant: string,
    @ValidQuery(FindCommissions) query: FindCommissions,
    @Paging(2) page: Page,
  ): Promise<Paged<unknown>> {
    const [, entry = '0'] = page.after;
    if (!/^\d{1,9}$/.test(entry)) throw new Problem(400, 'request/invalid-page', 'after is the next of an earlier answer, unchanged.');
    const rows = await findEntries(this.#dataSource, { tenant, ...query, after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page, (row) => [row.orderId, String(row.entry)], entryBody);
  }
}

function commissionBody({ orderId, staff, employeeId, currency, total }: OrderCommissionRow) {
  return { orderId, staff, employeeId, currency, total: spelt(total, currency) };
}

function entryBody({ orderId, entry, employeeId, period, amount, total, base, rate, currency, occurredAt }: CommissionEntryRow) {
  return {
    orderId,
    entry,
    employeeId,
    period,
    amount: spelt(amount, currency),
    total: spelt(total, currency),
    base: spelt(base, currency),
    rate,
    currency,
    occurredAt,
  };
}
