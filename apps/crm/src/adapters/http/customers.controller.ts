import { contactOf, normaliseEmail, normalisePhone, pseudonym } from '@instep/contracts';
import type { Department, RequestContext } from '@instep/department';
import {
  Asked,
  CLOCK,
  DATA_SOURCE,
  DEPARTMENT,
  Operation,
  Paging,
  Tenant,
  ValidBody,
  ValidQuery,
  found,
  pageOf,
  respond,
} from '@instep/service-host';
import type { Page, Paged } from '@instep/service-host';
import { Controller, Get, Inject, Param, Post } from '@nestjs/common';
import type { DataSource } from 'typeorm';

import { identitiesOf } from '../../application/contact-of.ts';
import type { Contact } from '../../domain/customer/contact.ts';
import { registerCustomer } from '../../domain/customer/record-contact.ts';
import { findCustomer, listCustomers, ordersOf, spendOf } from '../postgres/customers.query.ts';
import type { FoundCustomer } from '../postgres/customers.query.ts';
import { FindCustomers, RegisterCustomer, addressOf, customerBody, orderBody, spendBody } from './customer-bodies.ts';

/** Customers entered by hand come from the channel of orders entered by hand. */
const source = 'direct';
const ordersOnProfile = 20;

@Controller('customers')
export class CustomersController {
  readonly #department: Department;
  readonly #dataSource: DataSource;
  readonly #clock: () => Date;

  constructor(@Inject(DEPARTMENT) department: Department, @Inject(DATA_SOURCE) dataSource: DataSource, @Inject(CLOCK) clock: () => Date) {
    this.#department = department;
    this.#dataSource = dataSource;
    this.#clock = clock;
  }

  @Post()
  @Operation({ summary: 'Registers a customer, or adds to the one who has this e-mail or phone' })
  async register(@ValidBody(RegisterCustomer) body: RegisterCustomer, @Asked() asked: RequestContext) {
    const contact = contactFrom(body, asked.tenant, this.#clock().toISOString());
    const outcome = await this.#department.execute(registerCustomer.with(contact), asked);
    const changed = respond(outcome, (events) => events.find(({ type }) => type !== 'customer.merged')?.streamId);
    if (changed !== undefined) return { customerId: changed };
    // Nothing new was said: the customer is there already.
    const [known] = await this.#found(
      asked.tenant,
      contact.identities.slice(0, 1).map(({ id }) => id),
      { limit: 1, after: [] },
    );
    return { customerId: found(known, 'customer/unknown', 'There is no such customer.').customerId };
  }

  @Get()
  @Operation({ summary: 'Customers, or the one with an e-mail or phone' })
  async list(@Tenant() tenant: string, @ValidQuery(FindCustomers) query: FindCustomers, @Paging() page: Page): Promise<Paged<unknown>> {
    const asked = query.email !== undefined || query.phone !== undefined;
    const rows = await this.#found(tenant, asked ? hashes(tenant, query) : undefined, page);
    return pageOf(rows, page, ({ customerId }) => [customerId], customerBody);
  }

  @Get(':id')
  @Operation({
    summary: 'A customer with tags, spend per currency and the newest orders. A merged id answers with whom it was merged into',
  })
  async byId(@Tenant() tenant: string, @Param('id') id: string) {
    const customer = await this.#customer(tenant, id);
    const { customerId } = customer;
    const [spend, orders] = await Promise.all([
      spendOf(this.#dataSource, tenant, customerId),
      ordersOf(this.#dataSource, { tenant, customerId, after: [], limit: ordersOnProfile }),
    ]);
    return { ...customerBody(customer), spend: spend.map(spendBody), orders: orders.map(orderBody) };
  }

  @Get(':id/orders')
  @Operation({ summary: 'All orders of a customer, newest first' })
  async orders(@Tenant() tenant: string, @Param('id') id: string, @Paging(2) page: Page): Promise<Paged<unknown>> {
    const { customerId } = await this.#customer(tenant, id);
    const rows = await ordersOf(this.#dataSource, { tenant, customerId, after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page, ({ placedAt, orderId }) => [placedAt, orderId], orderBody);
  }

  async #customer(tenant: string, id: string): Promise<FoundCustomer> {
    return found(await findCustomer(this.#dataSource, tenant, id), 'customer/unknown', `There is no customer ${id}.`);
  }

  #found(tenant: string, identities: readonly string[] | undefined, page: Page): Promise<readonly FoundCustomer[]> {
    return listCustomers(this.#dataSource, { tenant, identities, after: page.after[0], limit: page.limit + 1 });
  }
}

function contactFrom(body: RegisterCustomer, tenant: string, seenAt: string): Contact {
  const { name = null, email = null, phone = null, billing, shipping, tags = [] } = body;
  return {
    ...identitiesOf(tenant, source, contactOf(tenant, { email, phone })),
    from: 'customer-record',
    source,
    seenAt,
    personal: { name, email, phone, ...(billing && { billing: addressOf(billing) }), ...(shipping && { shipping: addressOf(shipping) }) },
    orderId: null,
    tags,
  };
}

function hashes(tenant: string, query: FindCustomers): readonly string[] {
  const email = normaliseEmail(query.email);
  const phone = normalisePhone(query.phone);
  return [
    ...(email === undefined ? [] : [pseudonym(tenant, 'email', email)]),
    ...(phone === undefined ? [] : [pseudonym(tenant, 'phone', phone)]),
  ];
}
