import type { Department, RequestContext } from '@instep/department';
import { accept, defineCommand, record, refuse, type DomainEvent, type StreamDefinition } from '@instep/decider';
import { Controller, Get, HttpCode, Inject, Module, Param, Post } from '@nestjs/common';
import { Type, type Static } from 'typebox';

import {
  Asked,
  DEPARTMENT,
  defineService,
  found,
  IDS,
  Operation,
  pageOf,
  Paging,
  RawBody,
  RawRoute,
  respond,
  Tenant,
  ValidBody,
  ValidQuery,
  type Ids,
  type Page,
  type Paged,
} from '../src/index.ts';

/** The smallest service there is, for the specs of the host. */
type Tagged = DomainEvent<'customer.tagged', { customerId: string; tag: string; orderId: string | null }>;

const customer: StreamDefinition<{ readonly tags: readonly string[] }, Tagged> = {
  name: 'customer',
  initial: () => ({ tags: [] }),
  evolve: (state, { data }) => ({ tags: [...state.tags, data.tag] }),
};

const tagCustomer = defineCommand<{ id: string; tag: string }>({
  name: 'tag-customer',
  streams: ({ id }) => [{ stream: customer, id }],
  decide: ({ id, tag }, read) => {
    if (tag === 'defect') throw new Error('a secret detail of a defect');
    if (tag === 'vip') return refuse('customer/not-important', 'This customer is not important enough.', { spent: '12.50' });
    if (read.state(customer, id).tags.includes(tag)) return refuse('customer/already-tagged', `The customer has the tag ${tag}.`);
    return accept(record(customer, id, [{ type: 'customer.tagged', data: { customerId: id, tag, orderId: null } }]));
  },
});

const TagBody = Type.Object(
  { tag: Type.String({ minLength: 1, maxLength: 40 }), weight: Type.Optional(Type.Number()) },
  { additionalProperties: false },
);
const TagQuery = Type.Object({ prefix: Type.Optional(Type.String({ maxLength: 5 })) }, { additionalProperties: false });

const allTags = ['a', 'b', 'c', 'd', 'e'];

@Controller('customers')
class CustomersController {
  readonly #department: Department;
  readonly #ids: Ids;

  constructor(@Inject(DEPARTMENT) department: Department, @Inject(IDS) ids: Ids) {
    this.#department = department;
    this.#ids = ids;
  }

  @Post()
  @Operation({ summary: 'Makes a customer with a tag', answer: Type.Object({ id: Type.String() }) })
  async make(@ValidBody(TagBody) body: Static<typeof TagBody>, @Asked() asked: RequestContext): Promise<object> {
    const outcome = await this.#department.execute(tagCustomer.with({ id: this.#ids(), tag: body.tag }), asked);
    return respond(outcome, ([made]) => ({ id: made?.streamId, version: made?.version }));
  }

  @Post(':id/tags')
  async tag(@Param('id') id: string, @ValidBody(TagBody) body: Static<typeof TagBody>, @Asked() asked: RequestContext): Promise<object> {
    const outcome = await this.#department.execute(tagCustomer.with({ id, tag: body.tag }), asked);
    return respond(outcome, (events) => ({ events: events.length }));
  }

  @Get('tags')
  tags(
    @Tenant() tenant: string,
    @ValidQuery(TagQuery) { prefix = '' }: Static<typeof TagQuery>,
    @Paging() page: Page,
  ): Paged<{ tenant: string; tag: string }> {
    const rows = allTags.filter((tag) => tag.startsWith(prefix) && tag > (page.after[0] ?? '')).slice(0, page.limit + 1);
    return pageOf(
      rows,
      page,
      (tag) => [tag],
      (tag) => ({ tenant, tag }),
    );
  }

  @Get(':id')
  one(@Param('id') id: string): unknown {
    return found(allTags.includes(id) ? { id } : null, 'customer/unknown', `There is no customer ${id}.`);
  }
}

@Controller('raw')
class RawController {
  @Post(':name')
  @HttpCode(200)
  @RawRoute({ limitBytes: 2_000_000 })
  echo(@RawBody() bytes: Buffer): object {
    return { bytes: bytes.toString('base64') };
  }
}

@Module({ controllers: [CustomersController, RawController] })
class TaggingModule {}

export const taggingService = defineService({
  name: 'crm',
  port: 0,
  definition: { service: 'crm', consumer: 'crm.events', streams: [customer], topics: ['orders'], reactions: [], projections: [] },
  module: TaggingModule,
  entities: [],
  migrations: [],
  problems: { 'customer/already-tagged': 409 },
});
