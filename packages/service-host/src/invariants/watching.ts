import type { Clock } from '@instep/department';
import type { InvariantState, InvariantWatch } from '@instep/postgres';
import type { Logger } from '@instep/telemetry';

import type { Readiness } from '../readiness.ts';

export interface WatchingParts {
  readonly watch: InvariantWatch;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly readiness: Readiness;
  /** Seconds from one check to the next; 0: only when somebody asks. */
  readonly everySeconds: number;
  /** What stands still in the department, as `<part>: <why>`. */
  troubles(): readonly string[];
}

/** How the invariants stand. */
export interface InvariantsNow {
  /** Whether this replica is the one that checks. */
  readonly watching: boolean;
  /** Milliseconds since 1970; undefined before the first run. */
  readonly lastRunAt: number | undefined;
  readonly lastRunSeconds: number;
  readonly states: readonly InvariantState[];
}

const EVERYTHING_EVERY_MS = 24 * 60 * 60_000;
const MOST_SUBJECTS = 20;
/** A start has enough to do with itself, and one that fails again and again shall not read all tables each time. */
const QUIET_START_MS = 10_000;

/**
 * Checks the invariants in the background: everything at the start and once a day, what is new and a part of the rest in between. Says each
 * change once in the log and keeps violations in readiness, which they do not turn off. A database that is away violates nothing.
 */
export class Watching {
  readonly #parts: WatchingParts;
  readonly #ending = new AbortController();
  readonly #known = new Map<string, string>();
  #now: InvariantsNow = { watching: false, lastRunAt: undefined, lastRunSeconds: 0, states: [] };
  #everythingAt: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #running = false;

  constructor(parts: WatchingParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#running || this.#parts.everySeconds === 0) return;
    this.#running = true;
    void this.#run();
  }

  now(): InvariantsNow {
    return this.#now;
  }

  /** Checks everything now. Rejects when the database is away. */
  checkEverything(): Promise<InvariantsNow> {
    return this.#inTurn(true);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#parts.watch.close();
    await this.#turn.catch(() => {});
  }

  async #run(): Promise<void> {
    const { clock, logger, everySeconds } = this.#parts;
    let said = '';
    await clock.sleep(Math.min(QUIET_START_MS, everySeconds * 1_000), this.#ending.signal);
    while (!this.#ended()) {
      const everything = this.#everythingAt === undefined || clock.now() - this.#everythingAt >= EVERYTHING_EVERY_MS;
      const reason = await this.#inTurn(everything).then(
        () => '',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (reason !== said && reason !== '' && !this.#ended()) logger.warn({ reason }, 'the invariants cannot be checked');
      said = reason;
      await clock.sleep(everySeconds * 1_000, this.#ending.signal);
    }
  }

  #ended(): boolean {
    return this.#ending.signal.aborted;
  }

  /** One run at a time: there is one connection. */
  #inTurn(everything: boolean): Promise<InvariantsNow> {
    const turn = this.#turn.catch(() => {}).then(() => this.#check(everything));
    this.#turn = turn;
    return turn;
  }

  async #check(everything: boolean): Promise<InvariantsNow> {
    const { watch, clock, troubles } = this.#parts;
    const began = clock.now();
    const standing = new Set(troubles().map((trouble) => trouble.split(':', 1)[0] ?? ''));
    const states = await watch.run({ everything, standing });
    this.#now = {
      watching: states !== undefined,
      lastRunAt: states ? began : this.#now.lastRunAt,
      lastRunSeconds: (clock.now() - began) / 1_000,
      states: states ?? [],
    };
    if (states && everything) this.#everythingAt = began;
    this.#tell(this.#now.states);
    return this.#now;
  }

  #tell(states: readonly InvariantState[]): void {
    for (const state of states) this.#tellOne(state);
    const violated = states.filter(({ severity, violations }) => severity === 'violation' && violations.length > 0);
    const names = violated.map(({ name, violations }) => `${name} (${violations.length})`).join(', ');
    this.#parts.readiness.note('invariants', names === '' ? undefined : `Invariants do not hold: ${names}. GET /invariants says more.`);
  }

  #tellOne({ name, promise, severity, violations, failure }: InvariantState): void {
    const { logger } = this.#parts;
    const subjects = violations.map(({ subject }) => subject);
    if (this.#changed(`${name} holds`, subjects.toSorted().join('\n'))) {
      const told = { invariant: name, promise, violations: violations.slice(0, MOST_SUBJECTS), count: subjects.length };
      if (subjects.length === 0) logger.info({ invariant: name }, 'an invariant holds again');
      else if (severity === 'warning') logger.warn(told, 'somebody should look at this');
      else logger.error(told, 'an invariant does not hold');
    }
    if (this.#changed(`${name} is checked`, failure ?? '') && failure !== undefined)
      logger.warn({ invariant: name, reason: failure }, 'an invariant cannot be checked');
  }

  #changed(what: string, value: string): boolean {
    const before = this.#known.get(what) ?? '';
    this.#known.set(what, value);
    return before !== value;
  }
}
