import type { VirtualTime } from '../time/virtual-time.ts';

export interface RowLock {
  release(): void;
}

interface Waiting {
  readonly names: readonly string[];
  take(): void;
}

/** Locks of rows by name. A unit takes all of its own at once, so nobody waits in a circle. */
export class RowLocks {
  readonly #time: VirtualTime;
  readonly #taken = new Set<string>();
  readonly #queue: Waiting[] = [];
  held = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** Resolves with undefined when they were not free for so long. `waits` is told when they are not free at once. */
  take(names: readonly string[], timeoutMs: number, waits: () => void): Promise<RowLock | undefined> {
    if (this.#free(names)) return Promise.resolve(this.#lock(names));
    waits();
    return new Promise((resolve) => {
      const waiting: Waiting = {
        names,
        take: () => {
          stopWaiting();
          resolve(this.#lock(names));
        },
      };
      const stopWaiting = this.#time.after(timeoutMs, () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        resolve(undefined);
      });
      this.#queue.push(waiting);
    });
  }

  #free(names: readonly string[]): boolean {
    return names.every((name) => !this.#taken.has(name));
  }

  #lock(names: readonly string[]): RowLock {
    for (const name of names) this.#taken.add(name);
    this.held += 1;
    return {
      release: () => {
        for (const name of names) this.#taken.delete(name);
        this.held -= 1;
        for (const waiting of [...this.#queue]) {
          if (!this.#free(waiting.names)) continue;
          this.#queue.splice(this.#queue.indexOf(waiting), 1);
          waiting.take();
        }
      },
    };
  }
}
