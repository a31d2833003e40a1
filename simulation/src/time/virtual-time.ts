import { EventHeap } from './event-heap.ts';
import type { Planned } from './event-heap.ts';
import type { Random } from './random.ts';

/**
 * The only time there is in a world. Whatever happens is a task that is due at some moment; tasks of the same moment come in an order that
 * the seed decides. After each task everything that it made ready runs to its end before the next one: one turn of the real event loop
 * does that, since nothing in a world waits for anything but promises.
 */
export class VirtualTime {
  readonly #heap = new EventHeap();
  readonly #random: Random;
  /** Told after each task was taken, before it runs. */
  readonly #seen: (at: number, tie: number) => void;
  #now: number;
  #steps = 0;

  /** `start`: milliseconds since 1970. */
  constructor(random: Random, start: number, seen: (at: number, tie: number) => void = () => undefined) {
    this.#random = random;
    this.#now = start;
    this.#seen = seen;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#now;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Runs the task in so many milliseconds, never within the call. The returned function takes it back. */
  after(ms: number, task: () => void): () => void {
    const event: Planned = { at: this.#now + Math.max(0, ms), tie: this.#random.next(), task };
    this.#heap.push(event);
    return () => {
      event.task = undefined;
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        takeBack();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const takeBack = this.after(ms, done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  /** Runs what is due, one task after the other, until told otherwise or nothing is due any more. */
  run(goOn: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (goOn() && this.#step()) setImmediate(turn);
          else resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      setImmediate(turn);
    });
  }

  #step(): boolean {
    for (;;) {
      const event = this.#heap.pop();
      if (!event) return false;
      const { task } = event;
      if (!task) continue;
      this.#now = event.at;
      this.#steps += 1;
      this.#seen(event.at, event.tie);
      task();
      return true;
    }
  }
}

/** Lets time pass as fast as it can, for as long as anything is due; for suites that know nothing of virtual time. */
export function driven(time: VirtualTime): { stop(): void } {
  let stopped = false;
  const drive = (): void => {
    if (stopped) return;
    void time.run(() => !stopped).then(() => setImmediate(drive));
  };
  drive();
  return {
    stop() {
      stopped = true;
    },
  };
}
