import type { EventLog } from '@instep/event-log';

import { numberOf } from './order-bodies.ts';

/**
 * Notes when the first journal of each order arrives in the log. That is after finance has committed it, so what is measured is a little
 * longer than the way into the ledger.
 */
export class LedgerWatch {
  /** Milliseconds since 1970, by the number of the order. */
  readonly arrived = new Map<number, number>();
  #latest = 0;

  static async start(log: EventLog): Promise<LedgerWatch> {
    const watch = new LedgerWatch();
    await log.consume({
      group: 'bench.ledger-watch',
      topics: ['finance'],
      startAt: (assigned) => Promise.resolve(assigned.map((at) => ({ ...at, nextOffset: 0 }))),
      onSlice: ({ records }) => {
        const now = performance.timeOrigin + performance.now();
        let next = 0;
        for (const { key, type, offset } of records) {
          if (type === 'journal.posted') watch.#note(key, now);
          next = offset + 1;
        }
        return Promise.resolve({ kind: 'continue', nextOffset: next });
      },
      onCrash: (error) => {
        throw error;
      },
    });
    return watch;
  }

  /** When the last order so far arrived. */
  get latest(): number {
    return this.#latest;
  }

  #note(key: string, now: number): void {
    const number = numberOf(key.slice(key.indexOf('/') + 1));
    if (this.arrived.has(number)) return;
    this.arrived.set(number, now);
    this.#latest = now;
  }
}
