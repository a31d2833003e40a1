import { setTimeout as pause } from 'node:timers/promises';

import type { ReadResult } from './messages.ts';

const lookEveryMs = 5;

/** Counts events from the first on. */
export class Stopwatch {
  #begun: number | undefined;
  #cpuBegun = process.cpuUsage();
  #events = 0;

  /** Again does nothing. */
  start(): void {
    if (this.#begun !== undefined) return;
    this.#begun = performance.now();
    this.#cpuBegun = process.cpuUsage();
  }

  count(events: number): void {
    this.#events += events;
  }

  /** What was done when so many events were counted, or so many seconds after the start. */
  async reached(events: number, seconds: number): Promise<ReadResult> {
    for (;;) {
      const ms = this.#begun === undefined ? 0 : performance.now() - this.#begun;
      if (this.#events >= events || ms > seconds * 1_000) {
        const { user, system } = process.cpuUsage(this.#cpuBegun);
        return { events: this.#events, ms, cpuMs: (user + system) / 1_000 };
      }
      await pause(lookEveryMs);
    }
  }
}
