import type { Random } from '../time/random.ts';

/** Probabilities are per message, intervals are means in simulated milliseconds; undefined: never in this world. */
export interface FaultPlan {
  /** Names of the faults that this world has. */
  readonly names: readonly string[];
  readonly requestLost: number;
  readonly answerLost: number;
  /** The message arrives after its sender has given up. */
  readonly requestLate: number;
  readonly answerLate: number;
  /** A process is killed at a call of one of its ports, before or after the call had its effect. */
  readonly killAtCall: number;
  readonly killEveryMs: number | undefined;
  readonly pauseEveryMs: number | undefined;
  readonly databaseRestartEveryMs: number | undefined;
  /** A commit holds its locks for long. */
  readonly slowCommit: number;
  readonly leaderChangeEveryMs: number | undefined;
  readonly rebalanceEveryMs: number | undefined;
  readonly leaseCutEveryMs: number | undefined;
  readonly restoreEveryMs: number | undefined;
  readonly rollingRestartEveryMs: number | undefined;
  readonly webhookAgain: number;
  readonly webhookLate: number;
  /** An order about which the shop once tells what nobody can read. */
  readonly poison: number;
  /** The numbers that a relay stores are held back between it and the database, while its lease is lost. */
  readonly numbersHeldBack: number;
  /** Clocks of processes are wrong by up to so much. */
  readonly clockSkewMs: number;
}

/**
 * Swarm testing: each seed has a random part of the faults, each with a rate of its own, so that rare combinations come up. `without`: names of
 * faults that are left out of it; the others stay as they are.
 */
export function planFaults(random: Random, without: readonly string[] = []): FaultPlan {
  const names: string[] = [];
  const some = <T>(name: string, draw: () => T, none: T): T => {
    const drawn = draw();
    if (!random.chance(0.45) || without.includes(name)) return none;
    names.push(name);
    return drawn;
  };
  const every = (name: string, from: number, to: number): number | undefined =>
    some<number | undefined>(name, () => random.between(from, to), undefined);
  const rate = (name: string, most: number): number => some(name, () => random.next() * most, 0);
  const plan = {
    requestLost: rate('requests lost', 0.03),
    answerLost: rate('answers lost', 0.03),
    requestLate: rate('requests late', 0.02),
    answerLate: rate('answers late', 0.02),
    killAtCall: rate('kill at a call', 0.006),
    killEveryMs: every('kill', 2_000, 12_000),
    pauseEveryMs: every('pause', 2_000, 12_000),
    databaseRestartEveryMs: every('database restart', 4_000, 20_000),
    slowCommit: rate('slow commits', 0.06),
    leaderChangeEveryMs: every('leader change', 3_000, 15_000),
    rebalanceEveryMs: every('rebalance', 1_500, 10_000),
    leaseCutEveryMs: every('lease cut', 2_000, 12_000),
    restoreEveryMs: every('database restored', 8_000, 25_000),
    rollingRestartEveryMs: every('rolling restart', 8_000, 25_000),
    webhookAgain: rate('webhooks again', 0.5),
    webhookLate: rate('webhooks late', 0.4),
    clockSkewMs: some('clock skew', () => random.between(50, 3_000), 0),
    poison: rate('poison', 0.4),
    numbersHeldBack: rate('numbers held back', 0.05),
  };
  return { names, ...plan };
}

/** A world in which nothing goes wrong. */
export const noFaults: FaultPlan = {
  names: [],
  requestLost: 0,
  answerLost: 0,
  requestLate: 0,
  answerLate: 0,
  killAtCall: 0,
  killEveryMs: undefined,
  pauseEveryMs: undefined,
  databaseRestartEveryMs: undefined,
  slowCommit: 0,
  leaderChangeEveryMs: undefined,
  rebalanceEveryMs: undefined,
  leaseCutEveryMs: undefined,
  restoreEveryMs: undefined,
  rollingRestartEveryMs: undefined,
  webhookAgain: 0,
  webhookLate: 0,
  poison: 0,
  clockSkewMs: 0,
  numbersHeldBack: 0,
};
