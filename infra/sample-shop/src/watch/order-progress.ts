/** How many orders came so far since the shop opened; `waiting` and `held` also as of now. */
export type OrderCounts = Readonly<Record<Mark, number>>;

const marks = ['placed', 'confirmed', 'short', 'waiting', 'held', 'onHold', 'shipped', 'cancelled', 'booked'] as const;
type Mark = (typeof marks)[number];

type Change = { readonly adds?: readonly Mark[]; readonly takes?: readonly Mark[] };

const held: Change = { adds: ['held', 'onHold'] };

const changes: Readonly<Record<string, Change>> = {
  'order.placed': { adds: ['placed'] },
  'order.confirmed': { adds: ['confirmed'], takes: ['waiting'] },
  'order.backordered': { adds: ['short', 'waiting'] },
  'order.held': held,
  'order.released': { takes: ['onHold'] },
  'order.shipped': { adds: ['shipped'] },
  'order.cancelled': { adds: ['cancelled'], takes: ['waiting', 'onHold'] },
  'journal.posted': { adds: ['booked'] },
};

const bit = Object.fromEntries(marks.map((mark, index) => [mark, 1 << index])) as Readonly<Record<Mark, number>>;

/** Counts orders by what the log says of them. Only those that are placed while it counts; topics may come in any order. */
export class OrderProgress {
  readonly #marks = new Map<string, number>();
  readonly #counts: Record<Mark, number> = {
    placed: 0,
    confirmed: 0,
    short: 0,
    waiting: 0,
    held: 0,
    onHold: 0,
    shipped: 0,
    cancelled: 0,
    booked: 0,
  };

  get counts(): OrderCounts {
    return this.#counts;
  }

  /** `placedOnHold`: an order that cannot be worked on is placed and held in one event. */
  note(orderId: string, type: string, placedOnHold = false): void {
    const change = changes[type];
    if (change === undefined) return;
    const before = this.#marks.get(orderId) ?? 0;
    const after = applied(placedOnHold ? applied(before, held) : before, change);
    if (after === before) return;
    this.#marks.set(orderId, after);
    const moved = counted(before) ^ counted(after);
    for (const mark of marks) if (moved & bit[mark]) this.#counts[mark] += after & bit[mark] ? 1 : -1;
  }

  is(orderId: string, mark: Mark): boolean {
    return ((this.#marks.get(orderId) ?? 0) & bit[mark]) !== 0;
  }
}

function applied(before: number, { adds = [], takes = [] }: Change): number {
  const more = adds.reduce((all, mark) => all | bit[mark], before);
  return takes.reduce((all, mark) => all & ~bit[mark], more);
}

function counted(all: number): number {
  return all & bit.placed ? all : 0;
}
