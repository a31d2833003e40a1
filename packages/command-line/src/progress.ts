import { SingleBar } from 'cli-progress';

import { figure } from './figures.ts';

/** How far a long work is. */
export interface Progress {
  /** `already`: done by an earlier run, which counts for the bar and not for the rate. */
  start(total: number, already?: number): void;
  /** So many more. */
  add(count: number): void;
  /** So many in all, of as many as are known now. */
  at(done: number, total?: number): void;
  /** Also before it was started, and more than once. */
  stop(): void;
}

/** A bar with rate and time left on a terminal, silent elsewhere. */
export function progress(what: string): Progress {
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} % · {value} of {total} · {rate}/s · {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    noTTYOutput: false,
    clearOnComplete: true,
  });
  let begun = { at: 0, done: 0 };
  let done = 0;
  const at = (now: number, total?: number): void => {
    if (total !== undefined) bar.setTotal(total);
    done = now;
    const rate = ((done - begun.done) * 1000) / Math.max(1, performance.now() - begun.at);
    bar.update(done, { rate: figure(Math.round(rate)) });
  };
  return {
    start: (total, already = 0) => {
      done = already;
      begun = { at: performance.now(), done };
      bar.start(total, already, { rate: '–' });
    },
    add: (count) => at(done + count),
    at,
    stop: () => bar.stop(),
  };
}
