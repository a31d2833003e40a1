import { shopifyOrder } from '@instep/testkit';
import type { SampleOrder } from '@instep/testkit';

import type { Random } from '../time/random.ts';
import { catalog, lineOf } from './catalog.ts';

/** One step of an order's life: what the shop tells, and how the order is afterwards. */
export interface LifeStep {
  /** Simulated milliseconds since 1970. */
  readonly at: number;
  readonly topic: string;
  readonly body: string;
  readonly order: SampleOrder;
}

/** Staff of the shop who sell. */
export const staffId = 799_407_056;

/** A whole life: bought, perhaps changed, paid, shipped in parts, partly given back, perhaps cancelled. */
export function orderLife(random: Random, number: number, from: number): readonly LifeStep[] {
  const steps: LifeStep[] = [];
  let at = from;
  let order = newOrder(random, number, iso(at));
  const step = (topic: string, after: SampleOrder, body = after.body()): void => {
    order = after;
    steps.push({ at, topic, body, order });
  };
  /** Shopify's time stamps have whole seconds. */
  const next = (): string => iso((at += 1_100 + random.below(5_000)));
  const paidAtOnce = random.chance(0.4);
  step('orders/create', paidAtOnce ? order.paid(iso(at)) : order);
  if (!paidAtOnce && random.chance(0.4)) step('orders/updated', order.edited(next(), { 0: random.between(1, 4) }));
  if (!paidAtOnce && random.chance(0.9)) step('orders/paid', order.paid(next()));
  if (random.chance(0.7)) ship(random, next, () => order, step);
  if (random.chance(0.4)) giveBack(random, next, () => order, step);
  if (random.chance(0.2)) step('orders/cancelled', order.cancelled(next()));
  return steps;
}

type Step = (topic: string, after: SampleOrder, body?: string) => void;

function newOrder(random: Random, number: number, placedAt: string): SampleOrder {
  const items = random.shuffled(catalog).slice(0, random.between(1, 3));
  const buyer = 7_000_000 + random.below(6);
  return shopifyOrder({
    id: 5_000_000_000_000 + number,
    number,
    placedAt,
    currency: 'USD',
    taxRate: random.pick([0, 0.0825, 0.1]),
    shipping: random.pick(['0', '4.90', '6.20']),
    ...(random.chance(0.3) ? { discount: '1.01' } : {}),
    customer: { id: buyer, email: `buyer-${String(buyer)}@example.com`, firstName: 'Bea', lastName: 'Buyer' },
    ...(random.chance(0.4) ? { staffId } : {}),
    lines: items.map((item) => lineOf(item, random.between(1, 3))),
  });
}

function ship(random: Random, next: () => string, order: () => SampleOrder, step: Step): void {
  const inParts = random.chance(0.4);
  if (inParts) {
    const after = order().shipped(next(), [{ line: 0, quantity: 1 }]);
    if (after.state.fulfillments.length > order().state.fulfillments.length) step('fulfillments/create', after, after.fulfillmentBody());
  }
  const after = order().shipped(next());
  if (after.state.fulfillments.length > order().state.fulfillments.length) step('fulfillments/create', after, after.fulfillmentBody());
}

function giveBack(random: Random, next: () => string, order: () => SampleOrder, step: Step): void {
  const [line] = order().state.lines;
  if (!line || line.ordered - line.removed - line.refunded < 1) return;
  const restock = line.shipped > line.returned ? random.pick(['return', 'no_restock'] as const) : ('cancel' as const);
  const after = order().refunded({ at: next(), lines: [{ line: 0, quantity: 1, restock }] });
  step('refunds/create', after, after.refundBody());
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
