import { setTimeout as pause } from 'node:timers/promises';

import { catalogue, scarceItem } from './catalogue.ts';
import type { Chance } from './chance.ts';
import type { Departments } from './departments.ts';
import { receiveGoods } from './prepare-shop.ts';

export type Restocking = {
  readonly departments: Departments;
  readonly chance: Chance;
  /** Pieces that nobody has a claim on, by item; undefined while nobody knows. */
  available(sku: string): number | undefined;
  /** Orders that wait for goods. */
  waiting(): number;
  readonly signal: AbortSignal;
};

const lowStock = 400;
const usualArrival = 1_000;

/** Goods come in: of most items in time, of the scarce one late and never many more than what orders wait for. Rejects when `signal` ends it. */
export async function restock(restocking: Restocking): Promise<void> {
  const { departments, chance, available, waiting, signal } = restocking;
  for (;;) {
    await pause(chance.whole(25_000, 45_000), undefined, { signal });
    const arrival = new Date().toISOString();
    const low = catalogue.filter(({ sku }) => (available(sku) ?? lowStock) < lowStock);
    const scarce = (available(scarceItem.sku) ?? 1) < 1 ? [{ item: scarceItem, quantity: waiting() + chance.whole(2, 5) }] : [];
    for (const { item, quantity } of [...low.map((item) => ({ item, quantity: usualArrival })), ...scarce]) {
      // What does not come in now comes in with the next lorry.
      await receiveGoods(departments, item, quantity, arrival).catch(() => undefined);
    }
  }
}
