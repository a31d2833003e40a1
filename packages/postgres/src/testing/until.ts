import { setTimeout as wait } from 'node:timers/promises';

const DEADLINE_MS = 15_000;

/** Resolves with what `look` gives once that is not undefined or false. Throws when it takes longer than 15 s. */
export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${DEADLINE_MS} ms in vain: ${what}`);
    await wait(5);
  }
}
