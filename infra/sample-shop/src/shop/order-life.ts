import { shopifyOrder, type SampleLineSettings, type SampleOrder } from '@instep/testkit';

import { catalogue, currency, scarceItem, type CatalogueItem } from './catalogue.ts';
import type { Chance } from './chance.ts';
import { buyer, buyers, sellers } from './people.ts';

/** What happens to an order next, and how its news reaches us. */
export type Step =
  | {
      readonly kind: 'webhook';
      /** Since the step before, in milliseconds. */
      readonly afterMs: number;
      /** Goods leave when stock is set aside for them. */
      readonly onceConfirmed: boolean;
      readonly topic: string;
      /** `late`: after the news of the step that follows. */
      readonly delivery: 'once' | 'twice' | 'late';
      change(order: SampleOrder, at: string): SampleOrder;
      body(order: SampleOrder): string;
    }
  /** A clerk says which item the line without one is. */
  | { readonly kind: 'release'; readonly afterMs: number; readonly line: number };

export type Life = { readonly order: SampleOrder; readonly steps: readonly Step[]; readonly held: boolean };

export type NewOrder = { readonly id: number; readonly number: number; readonly placedAt: string };

type News = Extract<Step, { kind: 'webhook' }>;

/** Reports of one order must differ in their time stamps, which have whole seconds. */
const leastGapMs = 1_200;

const unchanged = (order: SampleOrder): SampleOrder => order;

/** Chooses what is bought and all that will happen to it. */
export function chooseLife(chance: Chance, { id, number, placedAt }: NewOrder): Life {
  const held = chance.likely(0.01);
  const lines = chooseLines(chance, held);
  const order = shopifyOrder({
    id,
    number,
    placedAt,
    lines,
    currency,
    taxRate: chance.oneOf([0, 0.06, 0.0825, 0.19]),
    customer: chance.likely(0.04) ? null : buyer(Math.floor(chance.next() ** 2 * buyers)),
    ...(chance.likely(0.7) && { shipping: '5.90' }),
    ...(chance.likely(0.12) && { discount: '2.00' }),
    ...(chance.likely(0.05) && { tip: '3.00' }),
    ...(chance.likely(0.25) && { staffId: chance.oneOf(sellers).staffId }),
    ...(chance.likely(0.06) && { presentment: { currency: 'EUR', rate: 0.92 } }),
  });
  const steps = [
    ...chooseBeginning(chance, lines),
    ...(held ? [{ kind: 'release', afterMs: chance.whole(12_000, 25_000), line: lines.length - 1 } as const] : []),
  ];
  const paid = steps.some((step) => step.kind === 'webhook' && step.topic === 'orders/paid');
  return { order, held, steps: withOddDeliveries(chance, paid ? [...steps, ...chooseEnd(chance, lines)] : steps) };
}

function chooseLines(chance: Chance, held: boolean): readonly SampleLineSettings[] {
  const first = chance.likely(0.07) ? scarceItem : chance.oneOf(catalogue);
  const second = chance.likely(0.45) ? chance.oneOf(catalogue) : undefined;
  const lines = [first, ...(second && second !== first ? [second] : [])].map((item) => lineOf(item, chance));
  return held ? [...lines, { sku: null, title: 'Engraving, by hand', price: '18.00', productId: null, variantId: null }] : lines;
}

function lineOf({ sku, title, price, productId, variantId }: CatalogueItem, chance: Chance): SampleLineSettings {
  return { sku, title, price, productId, variantId, quantity: sku === scarceItem.sku ? 1 : chance.oneOf([1, 1, 1, 2, 2, 3]) };
}

/** Created and paid, at once or later; or never, and then given up. */
function chooseBeginning(chance: Chance, lines: readonly SampleLineSettings[]): readonly Step[] {
  if (chance.likely(0.75)) {
    const paid = news('orders/paid', 300);
    return [{ ...news('orders/create', 0), change: (order, at) => order.paid(at) }, paid];
  }
  const created = news('orders/create', 0);
  if (chance.likely(0.12)) return [created, cancelled(chance, 15_000)];
  const edited: readonly Step[] = chance.likely(0.3)
    ? [
        {
          ...news('orders/updated', chance.whole(2_000, 6_000)),
          change: (order, at) => order.edited(at, { 0: (lines[0]?.quantity ?? 1) + 1 }),
        },
      ]
    : [];
  const paid: Step = { ...news('orders/paid', chance.whole(3_000, 12_000)), change: (order, at) => order.paid(at) };
  return [created, ...edited, paid];
}

/** Shipped in one or two parts, most of it kept; or cancelled before anything left. */
function chooseEnd(chance: Chance, lines: readonly SampleLineSettings[]): readonly Step[] {
  if (chance.likely(0.04)) return [cancelled(chance, 3_000)];
  if (chance.likely(0.06)) return [];
  const inTwo = lines.length > 1 && chance.likely(0.5);
  const first = [{ line: 0, quantity: 1 }];
  const parts: readonly Step[] = inTwo ? [shipped(chance, first), shipped(chance)] : [shipped(chance)];
  const told: readonly Step[] = chance.likely(0.5) ? [news('orders/fulfilled', 500)] : [];
  return [...parts, ...told, ...chooseReturn(chance)];
}

function chooseReturn(chance: Chance): readonly Step[] {
  if (chance.likely(0.01)) return [cancelled(chance, 6_000)];
  if (!chance.likely(0.08)) return [];
  const restock = chance.likely(0.6) ? 'return' : 'no_restock';
  const refunded: Step = {
    ...news('refunds/create', chance.whole(5_000, 12_000)),
    change: (order, at) => order.refunded({ at, lines: [{ line: 0, quantity: 1, restock }] }),
    body: (order) => order.refundBody(),
  };
  return [refunded, news('orders/updated', 300)];
}

function shipped(chance: Chance, lines?: readonly { readonly line: number; readonly quantity: number }[]): News {
  return {
    ...news('fulfillments/create', chance.whole(4_000, 15_000)),
    onceConfirmed: true,
    change: (order, at) => order.shipped(at, lines),
    body: (order) => order.fulfillmentBody(),
  };
}

function cancelled(chance: Chance, leastMs: number): News {
  return { ...news('orders/cancelled', leastMs + chance.whole(0, 10_000)), change: (order, at) => order.cancelled(at) };
}

/** The whole order as it is. */
function news(topic: string, afterMs: number): News {
  return { kind: 'webhook', topic, afterMs, onceConfirmed: false, delivery: 'once', change: unchanged, body: (order) => order.body() };
}

/** Some news come twice, some after what happened later. What changes the order comes long enough after what was before. */
function withOddDeliveries(chance: Chance, steps: readonly Step[]): readonly Step[] {
  return steps.map((step, index) => {
    if (step.kind !== 'webhook') return step;
    const next = steps[index + 1];
    const canBeLate = next?.kind === 'webhook' && !next.onceConfirmed;
    const delivery = chance.likely(0.03) ? 'twice' : canBeLate && chance.likely(0.03) ? 'late' : 'once';
    const afterMs = index > 0 && step.change !== unchanged ? Math.max(step.afterMs, leastGapMs) : step.afterMs;
    return { ...step, delivery, afterMs };
  });
}
