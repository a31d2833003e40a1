import { setTimeout as pause } from 'node:timers/promises';

/** Waits as long as so many records more would be above the rate. */
export function pacer(perSecond: number | undefined, signal: AbortSignal): (records: number) => Promise<void> {
  if (perSecond === undefined) return () => Promise.resolve();
  const begun = performance.now();
  let passed = 0;
  return async (records) => {
    passed += records;
    const early = (passed / perSecond) * 1_000 - (performance.now() - begun);
    if (early > 5) await pause(early, undefined, { signal }).catch(() => undefined);
  };
}
