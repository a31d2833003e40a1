import { calculatePayroll, approvePayroll, hireEmployee } from '@instep/hr/commands';
import { adjustStock, receiveStock, registerItem } from '@instep/inventory/commands';
import { cancelOrder, directOrder, idOfRequest, payOrder, placeOrder, shipOrder } from '@instep/order-intake/commands';
import { shopifyCustomerBody } from '@instep/testkit';
import { decimal } from '@instep/values';

import type { Ground } from '../ground.ts';
import type { Random } from '../time/random.ts';
import { catalog, productBody } from './catalog.ts';
import type { CatalogItem } from './catalog.ts';
import type { Channel } from './channel.ts';
import type { Office } from './office.ts';
import { tenant } from './office.ts';
import { orderLife, staffId } from './order-life.ts';

const location = '655441491';

export interface WorkloadSettings {
  /** Orders of the shop. */
  readonly orders: number;
  /** Simulated milliseconds over which they begin. */
  readonly spanMs: number;
}

/** Everything that people and the shop do in a world, while faults go on. */
export class Workload {
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #channel: Channel;
  readonly #office: Office;
  readonly #settings: WorkloadSettings;
  #running = 0;

  constructor(ground: Ground, channel: Channel, office: Office, settings: WorkloadSettings) {
    this.#ground = ground;
    this.#random = ground.random.split('workload');
    this.#channel = channel;
    this.#office = office;
    this.#settings = settings;
  }

  get done(): boolean {
    return this.#running === 0;
  }

  start(): void {
    this.#sellInShop();
    for (const item of catalog) this.#task(() => this.#stock(item));
    this.#task(() => this.#payPeople());
    for (let n = 0; n < 2; n += 1) this.#task(() => this.#sellDirectly());
  }

  #task(work: () => Promise<void>): void {
    this.#running += 1;
    void work().then(() => (this.#running -= 1));
  }

  #sellInShop(): void {
    const start = this.#ground.time.now();
    const { orders, spanMs } = this.#settings;
    const iso = new Date(start).toISOString();
    for (const item of catalog) this.#channel.tell('products/create', productBody(item, iso), start + this.#random.below(spanMs / 4));
    for (let buyer = 0; buyer < 2; buyer += 1) {
      const id = 7_000_000 + buyer;
      const body = shopifyCustomerBody({ id, email: `buyer-${String(id)}@example.com` }, iso);
      this.#channel.tell('customers/create', body, start + this.#random.below(spanMs));
    }
    for (let n = 1; n <= orders; n += 1) {
      this.#channel.tellOrder(orderLife(this.#random.split(`order ${String(n)}`), n, start + 500 + this.#random.below(spanMs)));
    }
  }

  async #stock(item: CatalogItem): Promise<void> {
    const name = item.item;
    await this.#pause(0, 2_000);
    await this.#office.ask('inventory', registerItem.with({ item: name, title: name, unit: 'piece', sku: name, channelItems: [] }));
    const receive = (quantity: number): Promise<unknown> =>
      this.#office.ask(
        'inventory',
        receiveStock.with({ item: name, location, quantity: String(quantity), unitCost: item.unitCost, currency: 'USD', reference: null }),
      );
    await receive(item.plentiful ? 500 : this.#random.between(1, 4));
    await this.#pause(2_000, this.#settings.spanMs);
    const quantity = this.#random.pick(['-1', '-2', '1', '-400']);
    await this.#office.ask('inventory', adjustStock.with({ item: name, location, quantity, reason: 'count' }));
    if (!item.plentiful && this.#random.chance(0.7)) await receive(this.#random.between(1, 6));
  }

  async #payPeople(): Promise<void> {
    await this.#pause(0, this.#settings.spanMs / 2);
    await this.#office.ask(
      'hr',
      hireEmployee.with({
        employeeId: 'emp_1',
        subject: 'employee/emp_1',
        hiredAt: '2026-01-01T00:00:00.000Z',
        staff: [`sample:${String(staffId)}`],
        salary: decimal('3000'),
        currency: 'USD',
        commissionRate: decimal('0.05'),
        personal: null,
      }),
    );
    await this.#pause(this.#settings.spanMs / 4, this.#settings.spanMs / 2);
    for (let round = 0; round < 4; round += 1) {
      const run = { runId: '2026-03-USD', period: '2026-03', currency: 'USD' };
      await this.#office.ask('hr', calculatePayroll.with(run));
      const approved = await this.#office.ask('hr', approvePayroll.with({ runId: run.runId, approvedBy: 'user/clerk' }));
      if (approved.kind === 'done') return;
    }
  }

  async #sellDirectly(): Promise<void> {
    await this.#pause(0, this.#settings.spanMs);
    const key = `direct-${String(this.#random.below(1_000_000))}`;
    const { item, price } = this.#random.pick(catalog);
    const now = new Date(this.#ground.time.now()).toISOString();
    const order = directOrder(
      tenant,
      idOfRequest(tenant, key),
      { currency: 'USD', lines: [{ item, quantity: '1', unitPrice: price }] },
      now,
    );
    const { orderId } = order;
    await this.#office.ask('order-intake', placeOrder.with(order), key);
    await this.#pause(100, 4_000);
    await this.#office.ask('order-intake', payOrder.with({ orderId, amount: decimal(price) }));
    await this.#pause(100, 4_000);
    const tracking = { company: null, numbers: [], urls: [] };
    if (this.#random.chance(0.6)) {
      await this.#office.ask('order-intake', shipOrder.with({ orderId, shipmentId: `${key}-1`, locationId: location, tracking }));
    } else {
      await this.#office.ask('order-intake', cancelOrder.with({ orderId, reason: 'customer' }));
    }
  }

  #pause(from: number, to: number): Promise<void> {
    return this.#ground.time.sleep(this.#random.between(from, Math.max(from, Math.floor(to))));
  }
}
