import { setTimeout as pause } from 'node:timers/promises';

const againAfterMs = 2_000;

/** Tries until it does not reject: whoever is away comes back some time. Rejects when `signal` is aborted. */
export async function untilItWorks<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch {
      await pause(againAfterMs, undefined, { signal });
    }
  }
}

/** Waits; returns early, without complaint, when `signal` is aborted. */
export async function rest(ms: number, signal?: AbortSignal): Promise<void> {
  await pause(ms, undefined, signal && { signal }).catch(() => undefined);
}
