import type { SeedRun } from './seed-runner.ts';
import { SeedRunner } from './seed-runner.ts';
import { asPlanned } from './variant.ts';

/** Runs the worlds of these seeds on several processes. `seen` is told of each as it ends; true from it: start no more. */
export async function runSeeds(
  seeds: Iterable<number>,
  workers: number,
  seen: (run: SeedRun) => boolean,
  ending?: AbortSignal,
): Promise<void> {
  const left = seeds[Symbol.iterator]();
  const stopped = (): boolean => enough || (ending?.aborted ?? false);
  let enough = false;
  const work = async (): Promise<void> => {
    const runner = new SeedRunner();
    const end = (): void => {
      runner.stop();
    };
    ending?.addEventListener('abort', end);
    try {
      for (let next = left.next(); !next.done && !stopped(); next = left.next()) {
        const run = await runner.run(next.value, asPlanned);
        if (stopped()) return;
        enough ||= seen(run);
      }
    } finally {
      runner.stop();
      ending?.removeEventListener('abort', end);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}
