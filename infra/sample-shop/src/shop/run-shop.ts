import { preciseNow } from '../precise-now.ts';
import { untilItWorks } from '../waiting.ts';
import type { LogFacts } from '../watch/log-facts.ts';
import type { Survey } from '../watch/survey.ts';
import { substitute } from './catalogue.ts';
import { seededChance } from './chance.ts';
import type { Webhooks } from './deliver-webhooks.ts';
import type { Departments } from './departments.ts';
import { orderIdOf, playOrders } from './play-orders.ts';
import { prepareShop } from './prepare-shop.ts';
import { restock } from './restock.ts';

export type ShopFloor = {
  readonly departments: Departments;
  readonly webhooks: Webhooks;
  readonly facts: LogFacts;
  readonly survey: Survey;
  readonly seed: number;
  readonly signal: AbortSignal;
};

const ordersPerSecond = 2;
const mostWebhooksWaiting = 100;

/** Stocks up and hires, then lets orders and goods come until `signal` ends it; then it rejects. */
export async function runShop({ departments, webhooks, facts, survey, seed, signal }: ShopFloor): Promise<void> {
  await untilItWorks(() => prepareShop(departments), signal);
  const orders = playOrders({
    chance: seededChance(seed),
    rate: ordersPerSecond,
    signal,
    deliver: webhooks.deliver,
    isJammed: () => webhooks.counts.waiting > mostWebhooksWaiting,
    isConfirmed: (orderId) => facts.progress.is(orderId, 'confirmed'),
    release: async (order, line) => {
      const orderId = orderIdOf(order);
      const assignments = [{ lineId: String(order.state.lines[line]?.id), item: substitute }];
      const key = `sample-shop/release/${orderId}`;
      await untilItWorks(() => departments.post('order-intake', `/orders/${orderId}/release`, { assignments }, key), signal);
    },
    sending: (order, { held }) => {
      const bringsMoney = order.state.received.shop > 0 || order.state.fulfillments.length > 0;
      if (bringsMoney && !held) facts.latency.sent(orderIdOf(order), preciseNow());
    },
  });
  const goods = restock({
    departments,
    // Of its own, so that orders stay the same whenever goods come.
    chance: seededChance(seed + 1),
    available: (sku) => survey.stock?.available.get(sku),
    waiting: () => facts.progress.counts.waiting,
    signal,
  });
  await Promise.all([orders, goods]);
}
