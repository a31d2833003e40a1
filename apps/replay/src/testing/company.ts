import { GroupCommit, receiveWebhook, sampleConnections } from '@instep/connectors/edge';
import { topics } from '@instep/contracts';
import type { Command } from '@instep/decider';
import {
  createDepartment,
  inMemoryStore,
  rebuild,
  systemClock,
  systemIds,
  type Clock,
  type Department,
  type DepartmentDefinition,
  type InMemoryStore,
  type Mend,
  type Reaction,
} from '@instep/department';
import { inMemoryLog, type InMemoryLog } from '@instep/event-log';
import { approvePayroll, calculatePayroll, hireEmployee } from '@instep/hr/commands';
import { adjustStock, receiveStock, registerItem } from '@instep/inventory/commands';
import { directOrder, idOfRequest, payOrder, placeOrder, shipOrder } from '@instep/order-intake/commands';
import { shopifyOrder, shopifyWebhook, type SampleOrder } from '@instep/testkit';
import { decimal } from '@instep/values';

import { departments } from '../departments.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tenant = 'demo';
/** Where the shop says that its goods leave. */
const location = '655441491';
const firstOrder = 9_000_000;
/** A record of the one is mended, a defect about the other is. */
const [brokenOrder, faultyOrder] = [4, 8];
/** What departments do every second they do more often, so that nobody has to wait for it. */
const hasty: Clock = { now: () => Date.now(), sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };

/** What a company at work left behind: its log, and the databases as its departments wrote them. */
export interface Company {
  readonly log: InMemoryLog;
  readonly stores: ReadonlyMap<string, InMemoryStore>;
}

/** All departments at once on one log in memory, with an order shop, a stock room that runs short, records that are mended, and a payroll. */
export async function companyAtWork(orders: number): Promise<Company> {
  const log = emptyLog();
  const stores = new Map<string, InMemoryStore>();
  const running = new Map<string, Department>();
  const faulty = new Set<string>();
  for (const [service, composed] of departments()) {
    const store = inMemoryStore({ tables: composed.projections.map(({ table }) => table as never) });
    const definition = service === 'inventory' ? failingOn(composed, faulty) : composed;
    const parts = { definition, log, store, clock: hasty, ids: systemIds, runtimeLog: silent, onCrash: () => undefined };
    stores.set(service, store);
    running.set(service, createDepartment(parts));
  }
  await Promise.all([...running.values()].map((department) => department.start()));
  const quiet = (): Promise<void> => settled(log, stores);
  await work({ log, running, orders, faulty, quiet });
  await quiet();
  while (!(await isTold(log, stores))) await systemClock.sleep(20);
  await Promise.all([...running.values()].map((department) => department.stop(1_000)));
  return { log, stores };
}

function emptyLog(): InMemoryLog {
  return inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
}

interface Work {
  readonly log: InMemoryLog;
  readonly running: ReadonlyMap<string, Department>;
  readonly orders: number;
  /** Orders that inventory has a defect for, until somebody mends it. */
  readonly faulty: Set<string>;
  quiet(): Promise<void>;
}

async function work({ log, running, orders, faulty, quiet }: Work): Promise<void> {
  const ask = async (service: string, command: Command, key: string): Promise<void> => {
    await running.get(service)?.execute(command, { tenant, actor: 'user/clerk', idempotencyKey: key, requestHash: `hash of ${key}` });
  };
  const receive = (item: string, quantity: string, key: string): Promise<void> =>
    ask('inventory', receiveStock.with({ item, location, quantity, unitCost: '4.00', currency: 'USD', reference: null }), key);
  for (const item of ['A', 'B', 'C']) {
    await ask('inventory', registerItem.with({ item, title: item, unit: 'piece', sku: item, channelItems: [] }), `register ${item}`);
    await receive(item, item === 'A' ? '6' : '200', `receive ${item}`);
  }
  await ask(
    'hr',
    hireEmployee.with({
      ...{ employeeId: 'emp_1', subject: 'employee/emp_1', hiredAt: '2026-01-01T00:00:00.000Z', staff: ['sample:77'], currency: 'USD' },
      ...{ salary: decimal('3000'), commissionRate: decimal('0.05'), personal: null },
    }),
    'hire',
  );
  const shop = shopInto(log);
  const redrive: Mending['redrive'] = async (service, topic, key, mend) => await running.get(service)?.redrive(topic, key, mend);
  for (let n = 1; n <= orders; n += 1) {
    if (n === brokenOrder) await sellBroken({ log, redrive, quiet }, n);
    else if (n === faultyOrder) await sellWithDefect({ log, redrive, quiet }, n, faulty);
    else await sell(shop, n);
    if (n % 5 === 0) await quiet();
    if (n === Math.ceil(orders / 2)) {
      await ask('inventory', adjustStock.with({ item: 'B', location, quantity: '-3', reason: 'count' }), 'count B');
      await receive('A', '6', 'receive more A');
    }
  }
  await sellDirectly(ask, quiet);
  await quiet();
  const run = { runId: '2026-03-USD', period: '2026-03', currency: 'USD' };
  await ask('hr', calculatePayroll.with(run), 'payroll');
  await ask('hr', approvePayroll.with({ runId: run.runId, approvedBy: 'user/clerk' }), 'approve');
}

type Shop = (topic: string, order: SampleOrder) => Promise<void>;

function shopInto(log: InMemoryLog): Shop {
  const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 1_000 });
  return async (topic, order) => {
    const { headers, body } = shopifyWebhook({ topic, body: order.body(), secret: 'sample-secret' });
    const parts = { connections: sampleConnections, raw, ids: () => systemIds.next(), now: () => new Date() };
    await receiveWebhook(parts, { connection: 'sample', headers, body: Buffer.from(body) });
  };
}

interface Mending {
  readonly log: InMemoryLog;
  redrive(
    service: string,
    topic: string,
    key: string,
    mend?: Mend,
  ): Promise<{ readonly applied: number; readonly left: number } | undefined>;
  quiet(): Promise<void>;
}

/** A webhook that lies in the log in part only, with others behind it, until somebody puts all of it in its place. */
async function sellBroken({ log, redrive, quiet }: Mending, n: number): Promise<void> {
  const aside = emptyLog();
  await sell(shopInto(aside), n);
  const [first, ...others] = [0, 1, 2].flatMap((partition) => aside.records({ topic: 'raw.shopify', partition }));
  if (!first) throw new Error('no webhook');
  const { topic, partition, key, value } = first;
  for (const record of [{ ...first, value: value.subarray(0, value.length / 2) }, ...others])
    await log.append({ topic, partition }, [{ key, type: record.type ?? '', sequence: undefined, value: record.value }]);
  await quiet();
  if ((await redrive('connectors', topic, key))?.applied !== 0) throw new Error('half a webhook was applied');
  const mended = await redrive('connectors', topic, key, { value, note: 'Bea: it was cut off' });
  if (mended?.applied !== 1 + others.length) throw new Error('the mended webhook was not applied');
}

/** Inventory has a defect for this order, until that is mended. */
async function sellWithDefect({ log, redrive, quiet }: Mending, n: number, faulty: Set<string>): Promise<void> {
  const orderId = `sample:${String(firstOrder + n)}`;
  faulty.add(orderId);
  await sell(shopInto(log), n);
  await quiet();
  faulty.delete(orderId);
  const mended = await redrive('inventory', 'orders', `${tenant}/${orderId}`);
  if (!mended?.applied || mended.left > 0) throw new Error('what was parked was not applied');
}

function failingOn(definition: DepartmentDefinition, faulty: ReadonlySet<string>): DepartmentDefinition {
  const reactions = definition.reactions.map((reaction) => ({
    ...reaction,
    commands: (...[event, views]: Parameters<Reaction['commands']>) => {
      if (faulty.has(event.subject)) throw new Error('this order is beyond us');
      return (reaction as Reaction).commands(event, views);
    },
  }));
  return { ...definition, reactions };
}

async function sell(shop: Shop, n: number): Promise<void> {
  const item = ['A', 'B', 'A', 'C'][n % 4] ?? 'A';
  const day = String(1 + (n % 27)).padStart(2, '0');
  const order = shopifyOrder({
    ...{ id: firstOrder + n, number: n, placedAt: `2026-03-${day}T10:00:00Z`, ...(n % 3 === 0 && { staffId: 77 }) },
    customer: { id: n % 7, email: `buyer${String(n % 7)}@example.com` },
    lines: [{ sku: item, price: '10.00', quantity: 1 + (n % 3) }],
  });
  await shop('orders/create', order);
  const paid = order.paid(`2026-03-${day}T10:05:00Z`);
  await shop('orders/paid', paid);
  if (n % 5 === 0) await shop('orders/cancelled', paid.cancelled(`2026-03-${day}T11:00:00Z`));
  if (n % 5 === 0 || n % 3 === 0) return;
  const away = paid.shipped(`2026-03-${day}T15:00:00Z`);
  await shop('orders/updated', away);
  if (n % 7 === 0)
    await shop('orders/updated', away.refunded({ at: `2026-03-${day}T18:00:00Z`, lines: [{ line: 0, quantity: 1, restock: 'return' }] }));
}

async function sellDirectly(
  ask: (service: string, command: Command, key: string) => Promise<void>,
  quiet: () => Promise<void>,
): Promise<void> {
  const placed = new Date().toISOString();
  const order = directOrder(
    tenant,
    idOfRequest(tenant, 'direct'),
    { currency: 'USD', lines: [{ item: 'B', quantity: '2', unitPrice: '9.00' }] },
    placed,
  );
  const { orderId } = order;
  await ask('order-intake', placeOrder.with(order), 'direct');
  await ask('order-intake', payOrder.with({ orderId, amount: decimal('18.00') }), 'pay direct');
  await quiet();
  const tracking = { company: null, numbers: [], urls: [] };
  await ask('order-intake', shipOrder.with({ orderId, shipmentId: 'direct-1', locationId: location, tracking }), 'ship direct');
}

/** Twice in a row: what is between two departments at the first look is in one of them at the second. */
async function settled(log: InMemoryLog, stores: ReadonlyMap<string, InMemoryStore>): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    await new Promise((resolve) => setImmediate(resolve));
    quiet = (await isSettled(log, stores)) ? quiet + 1 : 0;
  }
}

async function isSettled(log: InMemoryLog, stores: ReadonlyMap<string, InMemoryStore>): Promise<boolean> {
  for (const [service, definition] of departments()) {
    const store = stores.get(service);
    if (!store || store.outboxRows().length > 0) return false;
    const read = new Map(store.positions().map(({ topic, partition, nextOffset }) => [`${topic}/${String(partition)}`, nextOffset]));
    for (const topic of definition.topics)
      for (const { partition, next } of await log.bounds(topic)) if ((read.get(`${topic}/${String(partition)}`) ?? 0) < next) return false;
  }
  return true;
}

/** Whether the log tells how far each department has read. */
async function isTold(log: InMemoryLog, stores: ReadonlyMap<string, InMemoryStore>): Promise<boolean> {
  for (const [service, definition] of departments()) {
    const store = inMemoryStore({ tables: definition.projections.map(({ table }) => table as never) });
    await rebuild({ definition, log, store }).advance();
    const places = (of: InMemoryStore | undefined): string => JSON.stringify(of?.positions().map(placeOf).sort());
    if (places(store) !== places(stores.get(service))) return false;
  }
  return true;
}

function placeOf({
  topic,
  partition,
  nextOffset,
}: {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}): string {
  return `${topic}/${String(partition)}/${String(nextOffset)}`;
}
