import type { DepartmentStatus } from '@instep/department';

export type ReadinessStatus = 'starting' | 'ready' | 'troubled' | 'draining';

export interface ReadinessState {
  readonly status: ReadinessStatus;
  /** In words, for whoever has to put it right. A service that is ready may have some. */
  readonly troubles: readonly string[];
}

const REBALANCE_MS = 10_000;

/**
 * Whether the service serves. A rebalance does not make it unready; a database or log that is away does, until it is back. Lag is a matter
 * of alerts, not of readiness.
 */
export class Readiness {
  #phase: 'starting' | 'serving' | 'draining' = 'starting';
  #status: (() => DepartmentStatus) | undefined;
  #outsideSince: number | undefined;
  readonly #troubles = new Map<string, string>();
  readonly #notes = new Map<string, string>();
  readonly #now: () => number;
  readonly #consumes: boolean;

  /** `now` in milliseconds; `consumes`: whether the department listens to any topic. */
  constructor(now: () => number, consumes: boolean) {
    this.#now = now;
    this.#consumes = consumes;
  }

  /** From now on requests are served. */
  serve(status: () => DepartmentStatus): void {
    this.#status = status;
    if (this.#phase === 'starting') this.#phase = 'serving';
  }

  drain(): void {
    this.#phase = 'draining';
  }

  trouble(what: string, why: string | undefined): void {
    if (why === undefined) this.#troubles.delete(what);
    else this.#troubles.set(what, why);
  }

  /** Something that somebody must look at while the service goes on serving. */
  note(what: string, why: string | undefined): void {
    if (why === undefined) this.#notes.delete(what);
    else this.#notes.set(what, why);
  }

  /** Why requests cannot be served yet, in words for a caller, who need not know of hosts and ports; undefined once they can. */
  notYet(): string | undefined {
    if (this.#phase !== 'starting') return undefined;
    return this.#troubles.size === 0
      ? 'The service is starting.'
      : `The service is starting and waits for its ${[...this.#troubles.keys()].join(' and its ')}.`;
  }

  state(): ReadinessState {
    const status = this.#status?.();
    const standing = [...this.#troubles.values(), ...(status?.troubles ?? []), ...this.#outside(status)];
    const troubles = [...standing, ...this.#notes.values()];
    if (this.#phase !== 'serving') return { status: this.#phase, troubles };
    return { status: standing.length === 0 ? 'ready' : 'troubled', troubles };
  }

  /** A member is out of its group for a moment at each rebalance; for longer than that, something is wrong. */
  #outside(status: DepartmentStatus | undefined): readonly string[] {
    if (!status || status.consuming || !this.#consumes) {
      this.#outsideSince = undefined;
      return [];
    }
    this.#outsideSince ??= this.#now();
    return this.#now() - this.#outsideSince > REBALANCE_MS ? ['The consumer is not in its group: the event log does not answer.'] : [];
  }
}
