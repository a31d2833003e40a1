import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds that went by: on all processors of the machine, those of them in which somebody worked, and those of this process. */
export interface ProcessorTimes {
  readonly all: number;
  readonly busy: number;
  readonly own: number;
}

/** What resting looks at and does; of the machine unless a test says otherwise. */
export interface RestParts {
  readonly times: () => ProcessorTimes;
  /** Milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Called between two pieces of work. */
export type Rest = () => Promise<void>;

/** How often is looked; the system counts processor time in hundredths of a second. */
const lookEveryMs = 250;
/** What is to end hears of it between two pieces of work. */
const longestMs = 500;
const shortestMs = 2;
/** Never less, or work beside a machine that is always busy would not end. */
const leastShare = 0.1;

/**
 * Gives work that may take its time the pace that others leave: nobody else on the machine, and it goes on at once; others use a tenth of the
 * processors, and it rests for three tenths of the time; they use three tenths or more, and it rests for nine tenths. For who waits for a
 * processor for a moment is late by that moment, however low the priority of who has it.
 */
export function restForOthers({ times, now, pause: sleep }: RestParts = ofThisMachine): Rest {
  let looked = { at: now(), ...times() };
  let share = 1;
  let since = looked.at;
  let owed = 0;
  return async () => {
    const at = now();
    if (at - looked.at >= lookEveryMs) {
      const seen = { at, ...times() };
      share = shareOfTime((seen.busy - looked.busy - (seen.own - looked.own)) / Math.max(1, seen.all - looked.all));
      looked = seen;
    }
    owed = Math.min(longestMs, owed + ((at - since) * (1 - share)) / share);
    if (owed >= shortestMs) {
      await sleep(owed);
      owed = 0;
    }
    since = now();
  };
}

/** Of the time in which work goes on, while others use this share of the processors. */
function shareOfTime(others: number): number {
  return Math.min(1, Math.max(leastShare, 1 - 3 * others));
}

const ofThisMachine: RestParts = {
  times: () => {
    const each = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({ busy: user + nice + sys + irq, idle }));
    const busy = each.reduce((sum, processor) => sum + processor.busy, 0);
    const { user, system } = process.cpuUsage();
    return { busy, all: each.reduce((sum, processor) => sum + processor.idle, busy), own: (user + system) / 1_000 };
  },
  now: () => performance.now(),
  pause,
};
