import type { Logger } from '@instep/telemetry';

import { SettingMistake, type Setting } from './settings.ts';

/** Every call at which a service can be made to fail. A point is one of these with `before` or `after`. */
export const portCalls = [
  'log.append',
  'log.append-raw',
  'log.bounds',
  'log.read',
  'log.start-at',
  'log.slice',
  'store.load',
  'store.commit',
  'store.scan-streams',
  'store.inspect',
  'outbox.lease',
  'outbox.ledger',
  'outbox.next',
  'outbox.rows',
  'outbox.allot',
  'outbox.release',
  'outbox.backlog',
  'parked.list',
  'parked.read',
  'parked.count',
  'http.answer',
] as const;

export type PortCall = (typeof portCalls)[number];

const sides = ['before', 'after'] as const;
type Side = (typeof sides)[number];

/**
 * `kill`: this process is gone at once, as by kill -9. `pause`: it stands still until somebody sends SIGCONT. `drop`: the connection breaks,
 * before the call (it was not done) or after it (it was done, and its answer is lost).
 */
const actions = ['kill', 'pause', 'drop'] as const;
type Action = (typeof actions)[number];

export interface Failpoint {
  readonly call: PortCall;
  readonly side: Side;
  readonly action: Action;
  /** At which of the calls it happens, counted from 1. It happens once. */
  readonly nth: number;
}

const LIKE = 'store.commit:after:kill@3 (call, before or after, kill or pause or drop, at which call)';

/** `INSTEP_FAILPOINT`: comma-separated, each like `store.commit:after:kill@3`; without `@n` the first call. For tests only. */
export const failpointsSetting: Setting<readonly Failpoint[]> = {
  name: 'INSTEP_FAILPOINT',
  read: (given) => (given === undefined ? [] : given.split(',').map((each) => failpointOf(each.trim()))),
};

function failpointOf(text: string): Failpoint {
  const [, name, sideName, actionName, nth = '1'] = /^([^:]+):([^:]+):([^:@]+)(?:@(\d{1,9}))?$/.exec(text) ?? [];
  const call = portCalls.find((each) => each === name);
  const side = sides.find((each) => each === sideName);
  const action = actions.find((each) => each === actionName);
  if (name !== undefined && call === undefined) throw new SettingMistake(`names "${name}"; the calls are ${portCalls.join(', ')}`);
  if (!call || !side || !action || Number(nth) < 1) throw new SettingMistake(`holds "${text.slice(0, 60)}", which is not like ${LIKE}`);
  return { call, side, action, nth: Number(nth) };
}

/** What the process does to itself; replaced in tests. */
export interface Ending {
  kill(): void;
  /** Returns when somebody let it go on. */
  pause(): void;
}

const thisProcess: Ending = {
  kill: () => {
    process.kill(process.pid, 'SIGKILL');
  },
  pause: () => {
    process.kill(process.pid, 'SIGSTOP');
  },
};

/** Counts the calls and lets happen what was set, each once. */
export class Failpoints {
  readonly #waiting: { readonly point: Failpoint; calls: number }[];
  readonly #ending: Ending;
  readonly #say: (what: string) => void;

  constructor(points: readonly Failpoint[], say: (what: string) => void, ending: Ending = thisProcess) {
    this.#waiting = points.map((point) => ({ point, calls: 0 }));
    this.#say = say;
    this.#ending = ending;
  }

  /** Goes through a point. True: the connection breaks here. */
  pass(call: PortCall, side: Side): boolean {
    let broken = false;
    for (const waiting of this.#waiting.filter(({ point }) => point.call === call && point.side === side)) {
      waiting.calls += 1;
      if (waiting.calls !== waiting.point.nth) continue;
      const { action, nth } = waiting.point;
      this.#say(`failpoint: ${action} ${side} ${call}, call ${String(nth)}`);
      if (action === 'kill') this.#ending.kill();
      else if (action === 'pause') this.#ending.pause();
      else broken = true;
    }
    return broken;
  }

  /** Makes a call with a point before and a point after it; `broken` is what a broken connection looks like to its caller. */
  async around<Answer>(call: PortCall, work: () => Promise<Answer>, broken: () => Error): Promise<Answer> {
    if (this.pass(call, 'before')) throw broken();
    const answer = await work();
    if (this.pass(call, 'after')) throw broken();
    return answer;
  }
}

/** Undefined when none is set, which is always outside of tests. Says loudly that this process will fail on purpose. */
export function armed(points: readonly Failpoint[], logger: Logger): Failpoints | undefined {
  if (points.length === 0) return undefined;
  logger.warn({ failpoints: points }, 'FAILPOINTS ARE SET: this process will fail on purpose (INSTEP_FAILPOINT)');
  return new Failpoints(points, (what) => {
    logger.warn(what);
  });
}
