import type { SoldOrder } from '../load/open-load.ts';
import { scarceItem } from '../load/shelf.ts';

/** What one shelf must hold, from what was received and sold. */
export interface Shelf {
  readonly tenant: string;
  readonly item: string;
  readonly received: number;
  /** Units that orders want to have set aside. */
  readonly wanted: number;
  readonly gone: number;
}

/** Our own count of the stock of a company, over all faults that it went through. */
export class ShelfBooks {
  readonly #shelves = new Map<string, { tenant: string; item: string; received: number; wanted: number; gone: number }>();

  received(tenant: string, item: string, quantity: number): void {
    this.#shelf(tenant, item).received += quantity;
  }

  sold(orders: readonly SoldOrder[]): void {
    for (const { kind, item, channel } of orders) {
      const shelf = this.#shelf(channel.tenant, item);
      shelf.wanted += kind.end.reserved;
      shelf.gone += kind.end.gone;
    }
  }

  shelves(): readonly Shelf[] {
    return [...this.#shelves.values()];
  }

  #shelf(tenant: string, item: string) {
    const name = `${tenant}/${item}`;
    const shelf = this.#shelves.get(name) ?? { tenant, item, received: 0, wanted: 0, gone: 0 };
    this.#shelves.set(name, shelf);
    return shelf;
  }
}

/** Of a scarce item no more can be set aside than there is. */
export function mustBeReserved({ item, wanted, received, gone }: Shelf): number {
  return item === scarceItem ? Math.min(wanted, received - gone) : wanted;
}
