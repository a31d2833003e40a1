/**
 * Our way: the runtime of the departments with the same read model as a view, on its store and its log.
 *   node department.js <brokers> <database url>
 */
import type { EventType } from '@instep/contracts';
import { createDepartment, systemClock, systemIds, view, type ViewFold } from '@instep/department';
import type { EventLog } from '@instep/event-log';
import { kafkaLog } from '@instep/event-log-kafka';
import { dataSource, migrate, postgresStore } from '@instep/postgres';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';

import type { ReadOrder } from './messages.ts';
import { folded, type OrderRow } from './order-row.ts';
import { Stopwatch } from './stopwatch.ts';

const fold: ViewFold<OrderRow, EventType> = {
  keys: ({ tenant, subject }) => [[tenant, subject]],
  fold: (row, event) => folded(row, event),
};

const orders = view<OrderRow>({
  table: { name: 'order_row', key: ['tenant', 'orderId'] },
  on: {
    'order.placed': fold,
    'order.amended': fold,
    'order.paid': fold,
    'order.held': fold,
    'order.released': fold,
    'order.confirmed': fold,
    'order.backordered': fold,
    'order.cancelled': fold,
    'order.shipped': fold,
    'order.shipment-cancelled': fold,
    'order.refunded': fold,
    'order.returned': fold,
    'order.completed': fold,
    'order.noted': fold,
  },
});

const ordersSchema = new EntitySchema<OrderRow & { rowVersion: number }>({
  name: 'order_row',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    number: { type: 'text' },
    currency: { type: 'text' },
    total: { type: 'numeric' },
    received: { type: 'numeric' },
    status: { type: 'text' },
    events: { type: 'integer' },
    rowVersion: { type: 'integer', name: 'row_version' },
  },
});

class CreateOrderRows1795700000000 implements MigrationInterface {
  readonly name = 'CreateOrderRows1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE order_row (
        tenant text NOT NULL, order_id text NOT NULL, number text NOT NULL, currency text NOT NULL,
        total numeric NOT NULL, received numeric NOT NULL, status text NOT NULL, events integer NOT NULL, row_version integer NOT NULL,
        PRIMARY KEY (tenant, order_id)
      ) WITH (fillfactor = 80)`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}

const [brokers = '', url = ''] = process.argv.slice(2);
const stopwatch = new Stopwatch();

process.on('message', (order: ReadOrder) => {
  void read(order);
});
process.on('disconnect', () => process.exit(0));

async function read({ seconds, events }: ReadOrder): Promise<void> {
  const connection = { url, service: 'bench' };
  const source = dataSource({ ...connection, entities: [ordersSchema], migrations: [CreateOrderRows1795700000000] });
  await migrate(source);
  await source.destroy();
  const department = createDepartment({
    definition: { service: 'hr', consumer: 'bench.orders', streams: [], topics: ['orders'], reactions: [], projections: [orders] },
    log: readOnly(kafkaLog({ brokers: brokers.split(','), clientId: 'bench-department' })),
    store: postgresStore({ ...connection, tables: [ordersSchema] }),
    clock: systemClock,
    ids: systemIds,
    runtimeLog: { info: () => undefined, warn: complain, error: complain },
    onCrash: (error) => {
      throw error;
    },
  });
  await department.start();
  stopwatch.start();
  let before = 0;
  const counting = setInterval(() => {
    const { eventsApplied, eventsSkipped } = department.status().counters;
    stopwatch.count(eventsApplied + eventsSkipped - before);
    before = eventsApplied + eventsSkipped;
  }, 2);
  process.send?.(await stopwatch.reached(events, seconds));
  clearInterval(counting);
}

/** A department owns topics and says in them how far it has read. This one only reads: the topics are another's. */
function readOnly(log: EventLog): EventLog {
  return { ...log, bounds: () => Promise.resolve([]), append: () => Promise.resolve({ firstOffset: 0 }) };
}

function complain(fields: object, message: string): void {
  console.error(message, fields);
}
