import { Gauge, type Registry } from 'prom-client';

/** How the invariants of a service's database stand. */
export interface ObservedInvariants {
  /** Whether this replica is the one that checks. */
  readonly watching: boolean;
  /** Milliseconds since 1970; undefined before the first run. */
  readonly lastRunAt: number | undefined;
  readonly lastRunSeconds: number;
  readonly states: readonly {
    readonly name: string;
    readonly severity: 'violation' | 'warning';
    readonly violations: readonly unknown[];
    readonly tookMs: number;
    readonly failure: string | undefined;
  }[];
}

type Observed = ObservedInvariants['states'][number];

/** Registers gauges that read how the invariants stand when they are collected. A replica that does not check reports none. */
export function observeInvariants(registry: Registry, now: () => ObservedInvariants): void {
  const registers = [registry];
  const perInvariant = (name: string, help: string, of: Observed['severity'] | 'any', value: (state: Observed) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['invariant'],
      registers,
      collect() {
        this.reset(); // what another replica checks is its own to report
        for (const state of now().states) if (of === 'any' || state.severity === of) this.set({ invariant: state.name }, value(state));
      },
    });
  };
  const found = ({ violations }: Observed): number => violations.length;
  perInvariant('instep_invariant_violations', 'Subjects that break the invariant, up to 100 of each part looked at.', 'violation', found);
  perInvariant('instep_invariant_warnings', 'Subjects that somebody should look at though the data is right.', 'warning', found);
  perInvariant('instep_invariant_unchecked', '1 while the invariant cannot be checked.', 'any', ({ failure }) =>
    failure === undefined ? 0 : 1,
  );
  perInvariant('instep_invariant_seconds', 'Time that the last check of the invariant took.', 'any', ({ tookMs }) => tookMs / 1_000);

  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  gauge('instep_invariants_watching', '1 while this replica is the one that checks the invariants.', () => (now().watching ? 1 : 0));
  gauge(
    'instep_invariants_last_run_timestamp_seconds',
    'When the invariants were last checked, 0 before.',
    () => (now().lastRunAt ?? 0) / 1_000,
  );
  gauge('instep_invariants_last_run_seconds', 'Time that the last run of the invariants took.', () => now().lastRunSeconds);
}
