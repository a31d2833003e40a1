export interface Planned {
  readonly at: number;
  /** Orders what is due at the same moment. */
  readonly tie: number;
  task: (() => void) | undefined;
}

/** What is due next comes first. */
export class EventHeap {
  readonly #events: Planned[] = [];

  get size(): number {
    return this.#events.length;
  }

  push(event: Planned): void {
    const events = this.#events;
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = events[above];
      if (!parent || !before(event, parent)) break;
      events[at] = parent;
      at = above;
    }
    events[at] = event;
  }

  pop(): Planned | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (last && events.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: Planned): void {
    const events = this.#events;
    let at = 0;
    for (;;) {
      const left = events[2 * at + 1];
      const right = events[2 * at + 2];
      if (!left) break;
      const [child, index] = right && before(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1];
      if (!before(child, event)) break;
      events[at] = child;
      at = index;
    }
    events[at] = event;
  }
}

function before(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}
