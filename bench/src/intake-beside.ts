import { startSystem, type Platform } from '@instep/platform';

import { ascending, percentile } from './figures/percentile.ts';
import { Load, stockUp } from './load/load.ts';
import { RunningSystem } from './running-system.ts';

export interface IntakePlan {
  readonly platform: Platform;
  readonly dataDir: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** What goes on beside the second half; ends when the signal says so. */
  work(signal: AbortSignal): Promise<void>;
}

/** Milliseconds: 99 of 100 orders are answered, and booked, within so long. */
export interface IntakeFigures {
  readonly answered: number;
  readonly booked: number;
}

/** How long orders take through all departments, alone and while something else works on the same machine. */
export async function intakeBeside({
  platform,
  dataDir,
  perSecond,
  seconds,
  work,
}: IntakePlan): Promise<{ alone: IntakeFigures; beside: IntakeFigures }> {
  const system = await startSystem({ platform, dataDir, profile: 'run', serviceEnvironment: { LOG_LEVEL: 'warn' } });
  const running = new RunningSystem(system);
  const load = await Load.start(running);
  try {
    const measure = async (): Promise<IntakeFigures> => {
      const { answerMs, ledgerMs } = await load.run(perSecond * seconds, { kind: 'rate', perSecond });
      return { answered: percentile(ascending(answerMs), 99), booked: percentile(ascending(ledgerMs), 99) };
    };
    await stockUp(running);
    await running.settled(60_000);
    await load.run(perSecond * 3, { kind: 'rate', perSecond });
    const alone = await measure();
    const ended = new AbortController();
    const working = work(ended.signal);
    const beside = await measure();
    ended.abort();
    await working;
    return { alone, beside };
  } finally {
    await load.stop();
    await running.close();
    await system.stop();
  }
}
