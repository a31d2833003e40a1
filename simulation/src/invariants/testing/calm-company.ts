import { GroupCommit, receiveWebhook, sampleConnections } from '@instep/connectors/edge';
import { compose as connectors } from '@instep/connectors/compose';
import { topics } from '@instep/contracts';
import { compose as crm } from '@instep/crm/compose';
import type { Command } from '@instep/decider';
import type { Department, DepartmentDefinition, InMemoryStore, Outcome } from '@instep/department';
import { createDepartment, inMemoryStore, systemClock, systemIds } from '@instep/department';
import type { LogRecord } from '@instep/event-log';
import { inMemoryLog } from '@instep/event-log';
import { compose as finance } from '@instep/finance/compose';
import { compose as hr } from '@instep/hr/compose';
import { receiveStock, registerItem } from '@instep/inventory/commands';
import { compose as inventory } from '@instep/inventory/compose';
import { compose as orderIntake } from '@instep/order-intake/compose';
import type { SampleOrder } from '@instep/testkit';
import { shopifyOrder, shopifyWebhook } from '@instep/testkit';

import type { Evidence, OrderEvidence, RequestEvidence } from '../../evidence.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const placedAt = '2026-03-01T10:00:00Z';

/** What a company without any faults leaves behind: three orders of which one ships and one is cancelled. For tests of invariants. */
export async function calmCompany(): Promise<Evidence> {
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  const running = await Promise.all(
    [connectors(), orderIntake(), inventory(), crm(), hr(), finance()].map((definition) => run(definition, log)),
  );
  const departmentOf = (service: string): Department => {
    const found = running.find(({ definition }) => definition.service === service);
    if (!found) throw new Error(`no ${service}`);
    return found.department;
  };
  const requests: RequestEvidence[] = [];
  const ask = async (command: Command, name: string): Promise<void> => {
    const answers: Outcome[] = [];
    for (let times = 0; times < 2; times += 1) {
      answers.push(
        await departmentOf('inventory').execute(command, { tenant: 'demo', actor: 'user/clerk', idempotencyKey: name, requestHash: name }),
      );
    }
    requests.push({
      service: 'inventory',
      tenant: 'demo',
      idempotencyKey: name,
      requestHash: name,
      command: command.command.name,
      data: command.data,
      answers,
      acknowledged: true,
    });
  };
  await ask(registerItem.with({ item: 'A', title: 'A', unit: 'piece', sku: 'A', channelItems: [] }), 'register-a');
  await ask(
    receiveStock.with({ item: 'A', location: 'main', quantity: '100', unitCost: '4.00', currency: 'USD', reference: null }),
    'receive-a',
  );

  const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 1_000 });
  const acknowledgedWebhooks: string[] = [];
  const deliver = async (topic: string, body: string): Promise<void> => {
    const webhookId = `webhook-${String(acknowledgedWebhooks.length)}`;
    const { headers } = shopifyWebhook({ topic, body, secret: 'sample-secret', webhookId });
    await receiveWebhook(
      { connections: sampleConnections, raw, ids: () => systemIds.next(), now: () => new Date() },
      { connection: 'sample', headers, body: Buffer.from(body) },
    );
    acknowledgedWebhooks.push(webhookId);
  };
  const orders: OrderEvidence[] = [];
  for (const [index, life] of [onlyPlaced, shipped, cancelled].entries()) {
    const steps = life(newOrder(index + 1));
    for (const { topic, order } of steps) await deliver(topic, order.body());
    const last = steps.at(-1)?.order;
    if (last) orders.push({ orderId: `sample:${String(index + 1)}`, acknowledged: last, complete: true, deliveries: steps.length });
  }
  await settled(running, log);
  const statuses = new Map(running.map(({ definition, department }) => [definition.service, department.status()]));
  await Promise.all(running.map(({ department }) => department.stop(1_000)));

  return {
    seed: 0,
    virtualMs: 0,
    tenant: 'demo',
    quiet: true,
    log,
    records: await recordsOf(log),
    services: new Map(
      running.map(({ definition, store }) => {
        const { service } = definition;
        return [
          service,
          {
            service,
            definition,
            store,
            statuses: [statuses.get(service)].filter((status) => status !== undefined),
            restores: 0,
            foundBehind: 0,
          },
        ];
      }),
    ),
    orders,
    acknowledgedWebhooks,
    poisonedWebhooks: [],
    requests,
    items: [{ item: 'A', plentiful: true }],
  };
}

type Log = ReturnType<typeof inMemoryLog>;
interface Running {
  readonly definition: DepartmentDefinition;
  readonly store: InMemoryStore;
  readonly department: Department;
}

async function run(definition: DepartmentDefinition, log: Log): Promise<Running> {
  const store = inMemoryStore({ tables: definition.projections.map(({ table }) => table as never) });
  const department = createDepartment({
    definition,
    log,
    store,
    clock: systemClock,
    ids: systemIds,
    runtimeLog: silent,
    onCrash: () => undefined,
  });
  await department.start();
  return { definition, store, department };
}

interface Step {
  readonly topic: string;
  readonly order: SampleOrder;
}

function newOrder(id: number): SampleOrder {
  const lines = [{ sku: 'A', price: '10.00', quantity: 2 }];
  return shopifyOrder({ id, number: 1000 + id, placedAt, lines, customer: { id: id % 2, email: `buyer${String(id % 2)}@example.com` } });
}

function onlyPlaced(order: SampleOrder): Step[] {
  return [{ topic: 'orders/create', order }];
}

function shipped(order: SampleOrder): Step[] {
  const paid = order.paid('2026-03-01T10:01:00Z');
  const away = paid.shipped('2026-03-02T10:00:00Z');
  const back = away.refunded({ at: '2026-03-03T10:00:00Z', lines: [{ line: 0, quantity: 1, restock: 'return' }] });
  return [
    { topic: 'orders/create', order },
    { topic: 'orders/paid', order: paid },
    { topic: 'orders/updated', order: away },
    { topic: 'orders/updated', order: back },
  ];
}

function cancelled(order: SampleOrder): Step[] {
  const paid = order.paid('2026-03-01T10:01:00Z');
  return [
    { topic: 'orders/create', order: paid },
    { topic: 'orders/cancelled', order: paid.cancelled('2026-03-01T11:00:00Z') },
  ];
}

/** Twice in a row: what is between two departments at the first look is in one of them at the second. */
async function settled(running: readonly Running[], log: Log): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    await new Promise((resolve) => setImmediate(resolve));
    quiet = (await isSettled(running, log)) ? quiet + 1 : 0;
  }
}

async function isSettled(running: readonly Running[], log: Log): Promise<boolean> {
  for (const { definition, store } of running) {
    if (store.outboxRows().length > 0) return false;
    for (const topic of definition.topics) {
      for (const { partition, next } of await log.bounds(topic)) {
        const load = { consumer: definition.consumer, streams: [], rows: [], keys: [], requests: [] };
        const { positions } = await store.load({ ...load, positions: [{ topic, partition }] });
        if ((positions[0]?.nextOffset ?? 0) < next) return false;
      }
    }
  }
  return true;
}

async function recordsOf(log: Log): Promise<ReadonlyMap<string, readonly LogRecord[]>> {
  const records = new Map<string, LogRecord[]>();
  for (const { name } of Object.values(topics)) {
    for (const { partition, next } of await log.bounds(name)) {
      const all: LogRecord[] = [];
      for await (const batch of log.read({ topic: name, partition }, 0, next)) all.push(...batch);
      records.set(`${name}/${String(partition)}`, all);
    }
  }
  return records;
}
