import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { unitHistograms, type UnitFacts } from './unit-histograms.ts';
import { observeDepartment, type ObservedDepartment } from './department-metrics.ts';
import { observeInvariants, type ObservedInvariants } from './invariant-metrics.ts';

/** Connections open, those of them that are idle, and callers that wait for one. */
export interface PoolFacts {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface HttpRequestFacts {
  readonly method: string;
  /** The pattern (`/orders/:id`), not the path: a label per id would fill the memory. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface Metrics {
  readonly contentType: string;
  /** In the format that Prometheus reads. */
  text(): Promise<string>;
  observeDepartment(department: ObservedDepartment): void;
  observePool(facts: () => PoolFacts): void;
  observeInvariants(now: () => ObservedInvariants): void;
  observeRequest(request: HttpRequestFacts): void;
  observeUnit(unit: UnitFacts): void;
  /** A counter of the service itself. Counts one, under values of its labels, of which there must be few. */
  counter<const Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): (values: Readonly<Record<Label, string>>) => void;
  /** For other metrics of the service itself. */
  readonly registry: Registry;
}

/** A registry of its own with process and event loop metrics. Values are read when somebody asks for them. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });

  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

  return {
    registry,
    observeUnit: unitHistograms(registry),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeDepartment: (department) => {
      observeDepartment(registry, department);
    },
    observePool: (facts) => {
      observePool(registry, facts);
    },
    observeInvariants: (now) => {
      observeInvariants(registry, now);
    },
    counter: (name, help, labelNames) => {
      const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
      return (values) => {
        counter.inc(values);
      };
    },
    observeRequest: ({ method, route, status, seconds }) => {
      requests.observe({ http_request_method: method, http_route: route, http_response_status_code: status }, seconds);
    },
  };
}

function observePool(registry: Registry, facts: () => PoolFacts): void {
  const registers = [registry];
  new Gauge({
    name: 'instep_database_connections',
    help: 'Connections of the pool to the database.',
    labelNames: ['state'],
    registers,
    collect() {
      const { open, idle } = facts();
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'used' }, open - idle);
    },
  });
  new Gauge({
    name: 'instep_database_waiting',
    help: 'Callers that wait for a connection of the pool.',
    registers,
    collect() {
      this.set(facts().waiting);
    },
  });
}
