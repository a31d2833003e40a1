import { startSystem, type Platform } from '@instep/platform';

import { ascending, percentile } from './figures/percentile.ts';
import { Load, stockUp, type LoadRun } from './load/load.ts';
import type { ProgramBeside } from './program-beside.ts';
import { RunningSystem } from './running-system.ts';

export interface IntakePlan {
  readonly platform: Platform;
  readonly dataDir: string;
  readonly perSecond: number;
  /** Of one round alone, and of one with the work beside it. */
  readonly seconds: number;
  readonly rounds: number;
  /** What goes on beside, one of them at a time, each from where it was halted the last time. */
  readonly works: readonly ProgramBeside[];
}

const warmUpSeconds = 60;

/** Milliseconds: 99 of 100 orders are answered, and booked, within so long. */
export interface IntakeFigures {
  readonly answered: number;
  readonly booked: number;
}

export interface IntakeMeasured {
  readonly alone: IntakeFigures;
  readonly beside: readonly (IntakeFigures & { readonly what: string })[];
}

/**
 * How long orders take through all departments, alone and while something else works on the same machine: by turns, so that what else changes
 * on the machine changes all, and over the orders of all rounds, since the slowest hundredth of one is a handful.
 */
export async function intakeBeside(plan: IntakePlan): Promise<IntakeMeasured> {
  const { platform, dataDir, perSecond, seconds, rounds, works } = plan;
  const system = await startSystem({ platform, dataDir, profile: 'run', serviceEnvironment: { LOG_LEVEL: 'warn' } });
  const running = new RunningSystem(system);
  const load = await Load.start(running);
  try {
    const measure = (): Promise<LoadRun> => load.run(perSecond * seconds, { kind: 'rate', perSecond });
    const alone: LoadRun[] = [];
    const beside = works.map((work) => ({ work, runs: [] as LoadRun[] }));
    await stockUp(running);
    await running.settled(60_000);
    // What is slow only because it is the first of its kind, here and in what goes on beside, whose start is no part of its work.
    for (let spent = 0; spent < warmUpSeconds; spent += seconds) await measure();
    for (const work of works) {
      work.goOn();
      await measure();
      work.halt();
    }
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await measure());
      for (const { work, runs } of beside) {
        work.goOn();
        runs.push(await measure());
        work.halt();
      }
    }
    return { alone: figuresOf(alone), beside: beside.map(({ work, runs }) => ({ what: work.what, ...figuresOf(runs) })) };
  } finally {
    for (const work of works) await work.end();
    await load.stop();
    await running.close();
    await system.stop();
  }
}

function figuresOf(runs: readonly LoadRun[]): IntakeFigures {
  const p99 = (of: 'answerMs' | 'ledgerMs'): number => percentile(ascending(runs.flatMap((run) => run[of])), 99);
  return { answered: p99('answerMs'), booked: p99('ledgerMs') };
}
