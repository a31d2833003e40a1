import type { CloudEvent } from '@instep/contracts';
import { encodeEvent, topics } from '@instep/contracts';
import { accept, defineCommand, record, refuse } from '@instep/decider';
import type { DomainEvent, StreamDefinition } from '@instep/decider';
import { inMemoryLog, partitionOfKey } from '@instep/event-log';
import type { InMemoryLog, LogRecord } from '@instep/event-log';

import { createDepartment } from '../create-department.ts';
import type { DepartmentParts } from '../create-department.ts';
import type { DepartmentDefinition } from '../department-definition.ts';
import type { Department, RequestContext } from '../department.ts';
import { inMemoryStore } from '../in-memory/index.ts';
import type { InMemoryStore } from '../in-memory/index.ts';
import { journal, stateTable, view } from '../projection.ts';
import { reaction } from '../reaction.ts';
import { systemClock } from '../system-ports.ts';

export type Tagged = DomainEvent<'customer.tagged', { customerId: string; tag: string; orderId: string | null }>;

const customer: StreamDefinition<{ readonly tags: readonly string[] }, Tagged> = {
  name: 'customer',
  initial: () => ({ tags: [] }),
  evolve: (state, { data }) => ({ tags: [...state.tags, data.tag] }),
};

export const tag = defineCommand<{ id: string; tag: string; twice?: boolean }>({
  name: 'tag',
  streams: ({ id }) => [{ stream: customer, id }],
  decide: ({ id, tag: name, twice = false }, read) => {
    if (name === 'broken') throw new Error('a defect of the domain');
    if (!twice && read.state(customer, id).tags.includes(name)) return refuse('customer/tagged', `${id} has the tag ${name}`);
    return accept(record(customer, id, [{ type: 'customer.tagged', data: { customerId: id, tag: name, orderId: null } }]));
  },
});

export const seen = view<{ tenant: string; orderId: string; count: number }>({
  table: { name: 'seen', key: ['tenant', 'orderId'] },
  on: {
    'order.confirmed': {
      keys: ({ tenant, data }) => [[tenant, data.orderId]],
      fold: (row, { tenant, data }) => ({ tenant, orderId: data.orderId, count: (row?.count ?? 0) + 1 }),
    },
  },
});

const tagsTable = stateTable<{ tenant: string; id: string; tags: string }, { readonly tags: readonly string[] }>({
  table: { name: 'tags', key: ['tenant', 'id'] },
  stream: customer,
  rows: (state, { tenant, id }) => [{ tenant, id, tags: state.tags.join(',') }],
});

const tagJournal = journal<{ tenant: string; eventId: string; tag: string }>({
  table: { name: 'tag_journal', key: ['tenant', 'eventId'] },
  on: { 'customer.tagged': ({ tenant, id, data }) => [{ tenant, eventId: id, tag: data.tag }] },
});

/** `twice`: tags again what has the tag already. */
export function definition(
  nameOfTag: (orderId: string, count: number) => string,
  { twice = false }: { readonly twice?: boolean } = {},
): DepartmentDefinition {
  return {
    service: 'crm',
    consumer: 'crm.events',
    streams: [customer],
    topics: ['orders'],
    projections: [seen, tagsTable, tagJournal],
    reactions: [
      reaction(
        'order.confirmed',
        ({ tenant, data }, views) => [
          tag.with({ id: data.orderId, twice, tag: nameOfTag(data.orderId, views.row(seen, [tenant, data.orderId])?.count ?? 0) }),
        ],
        { views: [seen], preload: ({ data }) => [{ stream: customer, id: data.orderId }] },
      ),
    ],
  };
}

export const plain = definition((_, count) => `seen-${String(count)}`);
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface World {
  readonly log: InMemoryLog;
  readonly store: InMemoryStore;
  readonly open: (
    definition: DepartmentDefinition,
    on?: Partial<Pick<DepartmentParts, 'log' | 'store' | 'onCrash'>>,
  ) => Promise<Department>;
  /** A store of the same tables, empty. */
  readonly emptyStore: () => InMemoryStore;
}

const running: Department[] = [];

/** Stops every department that a world opened; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((department) => department.stop(1_000)));
}

export function world(): World {
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  const emptyStore = (): InMemoryStore => inMemoryStore({ tables: [seen.table, tagsTable.table, tagJournal.table] });
  const store = emptyStore();
  let id = 0;
  return {
    log,
    store,
    emptyStore,
    async open(of, on = {}) {
      const ids = { next: () => `event-${String(++id)}` };
      const department = createDepartment({
        definition: of,
        log,
        store,
        clock: systemClock,
        ids,
        runtimeLog: silent,
        onCrash: () => undefined,
        ...on,
      });
      running.push(department);
      await department.start();
      return department;
    },
  };
}

export function confirmed(orderId: string): { key: string; type: string; value: Buffer } {
  const event: CloudEvent = {
    specversion: '1.0',
    id: `confirmed-${orderId}`,
    source: 'instep/order-intake',
    type: 'order.confirmed',
    subject: orderId,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    dataschema: 'order.confirmed/1',
    tenant: 'demo',
    streamversion: 2,
    recordedtime: '2026-01-01T00:00:01.000Z',
    correlationid: 'c',
    causationid: 'x',
    actor: 'system/order-intake',
    data: { orderId },
  };
  return { key: `demo/${orderId}`, type: event.type, value: Buffer.from(encodeEvent(event)) };
}

const numbers = new WeakMap<InMemoryLog, Map<number, number>>();
export async function write(log: InMemoryLog, recordToWrite: { key: string; type: string; value: Buffer }, n?: number): Promise<void> {
  const partition = partitionOfKey(recordToWrite.key, topics.orders.partitions);
  const counters = numbers.get(log) ?? new Map<number, number>();
  numbers.set(log, counters);
  const next = n ?? (counters.get(partition) ?? 0) + 1;
  counters.set(partition, next);
  await log.append({ topic: 'orders', partition }, [{ ...recordToWrite, sequence: { epoch: 1, n: next } }]);
}

export async function all(log: InMemoryLog, topic: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (const { partition, first, next } of await log.bounds(topic)) {
    for await (const batch of log.read({ topic, partition }, first, next)) records.push(...batch);
  }
  return records;
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come about: ${what}`);
    await systemClock.sleep(1);
  }
}

export const events = (records: readonly LogRecord[]): CloudEvent[] =>
  records.map(({ value }) => JSON.parse(value.toString()) as CloudEvent);
export const tagged = async (log: InMemoryLog): Promise<CloudEvent<Tagged['data']>[]> =>
  events(await all(log, 'customers')).filter(({ type }) => type === 'customer.tagged') as CloudEvent<Tagged['data']>[];
export const asked = (idempotencyKey: string, requestHash = 'h'): RequestContext => ({
  tenant: 'demo',
  actor: 'user/a',
  idempotencyKey,
  requestHash,
});

export const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
