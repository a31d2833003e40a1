import type { ServiceName } from '@instep/contracts';

/** Something that happens at a moment. */
export interface Entry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who decides, and the place of the decision among its own, when it was one of history. */
  readonly service?: ServiceName | undefined;
  readonly order?: number | undefined;
  happen(): Promise<void>;
}

/**
 * What is to happen, by time. History is told in milliseconds, and a department decides many things in one: of what happens at the same moment
 * a department takes first what it decided next in history. So each finds the state that it found then.
 */
export class Agenda {
  readonly #heap: (Entry & { readonly n: number })[] = [];
  readonly #orders: ReadonlyMap<ServiceName, readonly number[]>;
  readonly #next = new Map<ServiceName, number>();
  #count = 0;

  /** `orders`: of all decisions of history, rising. */
  constructor(orders: ReadonlyMap<ServiceName, readonly number[]>) {
    this.#orders = orders;
  }

  add(entry: Entry): void {
    const heap = this.#heap;
    heap.push({ ...entry, n: this.#count++ });
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) break;
      at = parent;
    }
  }

  take(): Entry | undefined {
    const first = this.#pop();
    if (!first || this.#isNext(first)) return this.#taken(first);
    // Others of the same moment may have to come before.
    const waiting = [first];
    let chosen: (Entry & { readonly n: number }) | undefined;
    while (!chosen && this.#heap[0]?.at === first.at) {
      const entry = this.#pop();
      if (!entry) break;
      if (this.#isNext(entry)) chosen = entry;
      else waiting.push(entry);
    }
    chosen ??= waiting.reduce((least, entry) => ((entry.order ?? 0) < (least.order ?? 0) ? entry : least));
    for (const entry of waiting) if (entry !== chosen) this.add(entry);
    return this.#taken(chosen);
  }

  #isNext({ service, order }: Entry): boolean {
    if (service === undefined || order === undefined) return true;
    const orders = this.#orders.get(service) ?? [];
    return order <= (orders[this.#next.get(service) ?? 0] ?? Number.POSITIVE_INFINITY);
  }

  #taken(entry: Entry | undefined): Entry | undefined {
    if (entry?.service === undefined || entry.order === undefined) return entry;
    const orders = this.#orders.get(entry.service) ?? [];
    let at = this.#next.get(entry.service) ?? 0;
    while (at < orders.length && (orders[at] ?? 0) <= entry.order) at += 1;
    this.#next.set(entry.service, at);
    return entry;
  }

  #pop(): (Entry & { readonly n: number }) | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first && last && heap.length > 0) {
      heap[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        if (left >= heap.length) break;
        const least = left + 1 < heap.length && this.#isBefore(left + 1, left) ? left + 1 : left;
        if (!this.#swapIfBefore(least, at)) break;
        at = least;
      }
    }
    return first;
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return false;
    return one.at === other.at ? one.n < other.n : one.at < other.at;
  }

  #swapIfBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other || !this.#isBefore(a, b)) return false;
    [this.#heap[a], this.#heap[b]] = [other, one];
    return true;
  }
}
