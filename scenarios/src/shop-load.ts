import type { SampleOrder } from '@instep/testkit';

import type { Company } from './company.ts';
import { newOrder } from './sample.ts';

export interface ShopLoad {
  /** Orders whose webhook was answered with 200. */
  readonly acknowledged: readonly SampleOrder[];
  /** Answers other than 200 on the way: Shopify sends again. */
  readonly refusals: () => number;
  /** Takes no new orders and resolves when all begun ones are acknowledged. */
  stop(): Promise<void>;
}

const betweenTriesMs = 100;

/** A shop that sells paid orders of one unit each over some items, a few at a time, and sends every webhook until it is taken. */
export function startShop(company: Company, items: readonly string[], atOnce: number): ShopLoad {
  const acknowledged: SampleOrder[] = [];
  let refusals = 0;
  let selling = true;

  async function send(order: SampleOrder): Promise<void> {
    for (;;) {
      const status = await company.webhook('orders/create', order.body()).catch(() => 0);
      if (status === 200) break;
      refusals += 1;
      await new Promise((resolve) => setTimeout(resolve, betweenTriesMs));
    }
    acknowledged.push(order);
  }

  async function sell(clerk: number): Promise<void> {
    for (let n = clerk; selling; n += 1) {
      await send(newOrder({ lines: [{ sku: items[n % items.length] ?? 'A', price: '10.00' }], taxRate: 0.1 }).paid('2026-03-01T10:05:00Z'));
    }
  }

  const clerks = Array.from({ length: atOnce }, (_, clerk) => sell(clerk));
  return {
    acknowledged,
    refusals: () => refusals,
    async stop() {
      selling = false;
      await Promise.all(clerks);
    },
  };
}
