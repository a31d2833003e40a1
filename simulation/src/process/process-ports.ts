import type { Clock, Ids, RuntimeLog } from '@instep/department';

import type { Random } from '../time/random.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Life } from './life.ts';

/** The clock of one process: it stands still for it while it is paused, and may be wrong by some milliseconds. */
export function clockOf(time: VirtualTime, life: Life, skewMs: number): Clock {
  return {
    now: () => time.now() + skewMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const done = (): void => {
          takeBack();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const takeBack = time.after(ms, () => {
          life.run(done);
        });
        signal?.addEventListener('abort', done, { once: true });
      }),
  };
}

/** UUIDs of version 7 as the real ones: rising within a process, of the process's own clock. */
export function idsOf(clock: Clock, random: Random): Ids {
  let time = 0;
  let count = 0;
  const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
  return {
    next() {
      const now = Math.floor(clock.now());
      if (now > time) {
        time = now;
        count = 0;
      } else if (count < 0xfff) {
        count += 1;
      } else {
        time += 1;
        count = 0;
      }
      const stamp = hex(time, 12);
      const tail = hex(random.below(0x1000000), 6) + hex(random.below(0x1000000), 6);
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(count, 3)}-${hex(0x8000 + random.below(0x4000), 4)}-${tail}`;
    },
  };
}

/** Keeps what a process says in the trace, and tells of what must never be said. */
export function runtimeLogOf(note: (level: string, message: string) => void): RuntimeLog {
  return {
    info: () => undefined,
    warn: (_fields, message) => {
      note('warn', message);
    },
    error: (_fields, message) => {
      note('error', message);
    },
  };
}
