import { setTimeout as pause } from 'node:timers/promises';

import { openShop, type Shop, type ShopOptions } from './open-shop.ts';
import { colours, noColours } from './show/paint.ts';
import { plainHeading, plainRows } from './show/plain-row.ts';
import { liveScreen, type Terminal } from './show/screen.ts';
import type { Snapshot } from './show/snapshot.ts';
import { table } from './show/table.ts';

export type SampleShop = {
  /** Prints a line about the system without tearing what is shown. */
  say(line: string): void;
  /** Sends nothing more and leaves the last figures on the screen. */
  stop(): Promise<void>;
};

export type Output = Terminal & {
  /** Whether lines can be drawn in place. */
  readonly live: boolean;
  readonly colours: boolean;
};

const redrawEveryMs = 1_000;
const askEveryMs = 2_000;
const plainEveryMs = 5_000;
const headingEvery = 20;

/** Plays a small shop against a running system and shows on `output` how every department keeps in step. Returns at once. */
export function startSampleShop(options: ShopOptions, output: Output): SampleShop {
  const shop = openShop(options);
  return output.live ? showTable(shop, output) : showRows(shop, output);
}

function showTable(shop: Shop, output: Output): SampleShop {
  const over = new AbortController();
  const screen = liveScreen(output);
  const draw = (shot: Snapshot): void => screen.draw(table(shot, output.columns ?? 80, output.colours ? colours : noColours));
  const redrawing = setInterval(() => draw(shop.snapshot()), redrawEveryMs);
  const asking = every(askEveryMs, () => shop.look(), over.signal);
  return {
    say: screen.say,
    stop: async () => {
      clearInterval(redrawing);
      over.abort();
      await asking;
      draw(await shop.close());
      screen.leave();
    },
  };
}

function showRows(shop: Shop, output: Output): SampleShop {
  const over = new AbortController();
  const print = (line: string): void => void output.write(`${line}\n`);
  let rows = 0;
  const printing = every(
    plainEveryMs,
    async () => {
      const shot = await shop.look();
      if (rows % headingEvery === 0) print(plainHeading());
      rows += 1;
      for (const line of plainRows(shot)) print(line);
    },
    over.signal,
  );
  return {
    say: print,
    stop: async () => {
      over.abort();
      await printing;
      const last = await shop.close();
      print('');
      for (const line of table(last, 80, noColours)) print(line);
    },
  };
}

async function every(ms: number, work: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const begun = performance.now();
    await work();
    await pause(Math.max(200, ms - (performance.now() - begun)), undefined, { signal }).catch(() => undefined);
  }
}
