import type { DepartmentStatus } from '@instep/department';

export type ReadinessStatus = 'starting' | 'ready' | 'troubled' | 'draining';

export interface ReadinessState {
  readonly status: ReadinessStatus;
  /** In words, for whoever has to put it right. */
  readonly troubles: readonly string[];
}

/**
 * Whether the service serves. A rebalance does not make it unready; a database or log that is away does, until it is back. Lag is a matter
 * of alerts, not of readiness.
 */
export class Readiness {
  #phase: 'starting' | 'serving' | 'draining' = 'starting';
  #status: (() => DepartmentStatus) | undefined;
  readonly #troubles = new Map<string, string>();

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

  /** Why requests cannot be served yet; undefined once they can. */
  notYet(): string | undefined {
    if (this.#phase !== 'starting') return undefined;
    const [first] = this.#troubles.values();
    return first ?? 'The service is starting.';
  }

  state(): ReadinessState {
    const troubles = [...this.#troubles.values(), ...(this.#status?.().troubles ?? [])];
    if (this.#phase !== 'serving') return { status: this.#phase, troubles };
    return { status: troubles.length === 0 ? 'ready' : 'troubled', troubles };
  }
}
