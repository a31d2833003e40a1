import { serviceNames, type ServiceName } from '@instep/contracts';

import type { Departments } from '../shop/departments.ts';
import type { ServiceState, Snapshot } from '../show/snapshot.ts';
import { booksOf, type Account, type Books, type TrialBalance } from './books.ts';
import { serviceFigures, type ServiceFigures } from './service-figures.ts';

export type Stock = { readonly onHand: number; readonly reserved: number; readonly available: ReadonlyMap<string, number> };

type StockLevel = { readonly item: string; readonly onHand: string; readonly reserved: string; readonly available: string };

const mostPages = 10;
/** A trial balance over a large ledger is asked for less often: never for more than a twentieth of the time. */
const restAfterAsking = 20;
const booksEveryMs = 5_000;

/** What the departments say of themselves when asked. Whoever does not answer keeps its last figures and is away. */
export class Survey {
  stock: Stock | undefined;
  readonly #figures = new Map<ServiceName, ServiceFigures>();
  /** Since when somebody does not answer, in milliseconds since 1970. */
  readonly #away = new Map<ServiceName, number>();
  #books: readonly Books[] | undefined;
  #customers: { readonly count: number; readonly more: boolean } | undefined;
  #chart: readonly Account[] | undefined;
  #booksNotBefore = 0;
  readonly #departments: Departments;

  constructor(departments: Departments) {
    this.#departments = departments;
  }

  /** One round of questions. Never rejects. */
  async ask(): Promise<void> {
    await Promise.all([
      ...serviceNames.map((name) => this.#askFigures(name)),
      this.#quietly(this.#askBooks()),
      this.#quietly(this.#askStock()),
    ]);
  }

  /** `newCustomers`: since they were counted. */
  known(newCustomers: number): Pick<Snapshot, 'books' | 'stock' | 'customers'> {
    const customers = this.#customers && { ...this.#customers, count: this.#customers.count + newCustomers };
    return { books: this.#books, stock: this.stock, customers };
  }

  stateOf(name: ServiceName, now: number): Pick<ServiceState, 'figures' | 'awayMs'> {
    const away = this.#away.get(name);
    return { figures: this.#figures.get(name), awayMs: away === undefined ? undefined : now - away };
  }

  /** All there are, as far as so many pages tell. */
  async countCustomers(): Promise<void> {
    const { items, more } = await this.#departments.list('crm', '/customers', mostPages);
    this.#customers = { count: items.length, more };
  }

  async #askFigures(name: ServiceName): Promise<void> {
    try {
      this.#figures.set(name, serviceFigures(await this.#departments.text(name, '/metrics')));
      this.#away.delete(name);
    } catch {
      if (!this.#away.has(name)) this.#away.set(name, Date.now());
    }
  }

  async #askBooks(): Promise<void> {
    const begun = Date.now();
    if (begun < this.#booksNotBefore) return;
    this.#chart ??= ((await this.#bodyOf('finance', '/accounts')) as { readonly items: readonly Account[] }).items;
    this.#books = booksOf((await this.#bodyOf('finance', '/trial-balance')) as TrialBalance, this.#chart);
    this.#booksNotBefore = Date.now() + Math.max(booksEveryMs, (Date.now() - begun) * restAfterAsking) - 500;
  }

  async #askStock(): Promise<void> {
    const { items } = await this.#departments.list<StockLevel>('inventory', '/stock', mostPages);
    const available = new Map<string, number>();
    for (const level of items) available.set(level.item, (available.get(level.item) ?? 0) + Number(level.available));
    const pieces = (of: 'onHand' | 'reserved'): number => items.reduce((all, level) => all + Number(level[of]), 0);
    this.stock = { onHand: pieces('onHand'), reserved: pieces('reserved'), available };
  }

  async #bodyOf(name: ServiceName, path: string): Promise<unknown> {
    const { status, body } = await this.#departments.get(name, path);
    if (status !== 200) throw new Error(`${name} answered ${status} to ${path}`);
    return body;
  }

  /** Whoever cannot answer shows as away already. */
  async #quietly(asking: Promise<void>): Promise<void> {
    await asking.catch(() => undefined);
  }
}
