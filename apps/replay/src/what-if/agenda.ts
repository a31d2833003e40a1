import type { ServiceName } from '@instep/contracts';

/** Something that happens at a moment. */
export interface Entry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who decides, and the place of the decision among its own, when it was one of history. */
  readonly service?: ServiceName | undefined;
  readonly order?: number | undefined;
  happen(): Promise<unknown>;
}

type Waiting = Entry & { readonly n: number };

/** The decisions of one department in history. */
interface Line {
  readonly orders: readonly number[];
  next: number;
  /** Those that will not come. */
  readonly gone: Set<number>;
  /** Come before their turn. */
  readonly early: Map<number, Waiting>;
}

/**
 * What is to happen. A department decides what it decided in history in the order in which it did: what comes early waits for what was decided
 * before it, unless that is known not to come. So each input finds the state that it found then, whatever the clocks of several processes
 * said. All else happens by time.
 */
export class Agenda {
  readonly #heap: Waiting[] = [];
  readonly #lines: ReadonlyMap<ServiceName, Line>;
  #count = 0;

  /** `orders`: of all decisions of history, rising. */
  constructor(orders: ReadonlyMap<ServiceName, readonly number[]>) {
    this.#lines = new Map([...orders].map(([service, all]) => [service, { orders: all, next: 0, gone: new Set(), early: new Map() }]));
  }

  add(entry: Entry): void {
    const waiting = { ...entry, n: this.#count++ };
    const line = this.#lineOf(entry);
    if (line && entry.order !== undefined && entry.order > (line.orders[line.next] ?? Number.POSITIVE_INFINITY))
      line.early.set(entry.order, waiting);
    else this.#push(waiting);
  }

  /** This decision of history will not be made: nobody waits for it any more. */
  giveUp(service: ServiceName, order: number): void {
    const line = this.#lines.get(service);
    if (!line) return;
    line.gone.add(order);
    this.#advance(line);
  }

  /** The next one; undefined when nothing is left. */
  take(): Entry | undefined {
    const entry = this.#pop() ?? this.#earliest();
    const line = entry && this.#lineOf(entry);
    if (line && entry.order !== undefined) {
      line.gone.add(entry.order);
      this.#advance(line);
    }
    return entry;
  }

  #lineOf({ service, order }: Entry): Line | undefined {
    return service === undefined || order === undefined ? undefined : this.#lines.get(service);
  }

  #advance(line: Line): void {
    for (let order = line.orders[line.next]; order !== undefined; order = line.orders[line.next]) {
      const early = line.early.get(order);
      if (early) {
        line.early.delete(order);
        this.#push(early);
      }
      if (!line.gone.delete(order)) return;
      line.next += 1;
    }
  }

  /** Everybody waits for what does not come. */
  #earliest(): Waiting | undefined {
    const all = [...this.#lines.values()].flatMap(({ early }) => [...early.values()]);
    const [first, ...others] = all;
    if (!first) return undefined;
    const chosen = others.reduce((least, entry) => (isBefore(entry, least) ? entry : least), first);
    this.#lineOf(chosen)?.early.delete(chosen.order ?? 0);
    return chosen;
  }

  #push(entry: Waiting): void {
    const heap = this.#heap;
    heap.push(entry);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) break;
      at = parent;
    }
  }

  #pop(): Waiting | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first && last && heap.length > 0) {
      heap[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        const [one, other] = [heap[left], heap[left + 1]];
        if (!one) break;
        const least = other && isBefore(other, one) ? left + 1 : left;
        if (!this.#swapIfBefore(least, at)) break;
        at = least;
      }
    }
    return first;
  }

  #swapIfBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other || !isBefore(one, other)) return false;
    [this.#heap[a], this.#heap[b]] = [other, one];
    return true;
  }
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.at === other.at ? one.n < other.n : one.at < other.at;
}
