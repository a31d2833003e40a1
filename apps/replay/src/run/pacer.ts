import { setTimeout as pause } from 'node:timers/promises';

/** How long at most whoever asks a replay to stop waits for the pacer. */
const stepMs = 200;

/** Waits as long as so many records more would be above the rate, or until the replay is to stop. */
export function pacer(perSecond: number | undefined, stopped: () => boolean): (records: number) => Promise<void> {
  if (perSecond === undefined) return () => Promise.resolve();
  const begun = performance.now();
  let passed = 0;
  return async (records) => {
    passed += records;
    for (;;) {
      const early = (passed / perSecond) * 1_000 - (performance.now() - begun);
      if (early <= 5 || stopped()) return;
      await pause(Math.min(early, stepMs));
    }
  };
}

/** A batch in pieces that the rate lets through in a moment each: between them a replay can be stopped. */
export function* inSteps<Each>(batch: readonly Each[], perSecond: number | undefined): Generator<readonly Each[]> {
  const size = perSecond === undefined ? batch.length : Math.max(1, Math.floor((perSecond * stepMs) / 1_000));
  if (size >= batch.length) yield batch;
  else for (let at = 0; at < batch.length; at += size) yield batch.slice(at, at + size);
}
