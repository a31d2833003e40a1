import { randomUUID } from 'node:crypto';

import type { Clock, Ids } from './ports.ts';

/** The real clock and real ids. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/**
 * UUIDs of version 7, each greater than the one before it in this process: a rebuild, which reads the events of one decision from several
 * partitions, puts them in their order again by that.
 */
export const systemIds: Ids = orderedIds(() => Date.now());

const mostOfOneMillisecond = 0xfff;

/** `now` gives milliseconds since 1970; when it stands still or goes back, the ids rise all the same. */
export function orderedIds(now: () => number): Ids {
  let time = 0;
  let count = 0;
  return {
    next: () => {
      const at = now();
      if (at > time) {
        time = at;
        count = 0;
      } else if (count < mostOfOneMillisecond) {
        count += 1;
      } else {
        time += 1;
        count = 0;
      }
      const stamp = time.toString(16).padStart(12, '0');
      const variantAndRandom = randomUUID().slice(18);
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${count.toString(16).padStart(3, '0')}${variantAndRandom}`;
    },
  };
}
