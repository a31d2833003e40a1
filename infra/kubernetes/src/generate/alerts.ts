import { accessOf } from '@instep/access';
import { serviceNames } from '@instep/contracts';

import type { Manifest } from '../manifest.ts';
import { workloadOf } from './names.ts';

/** What a general rule warns about at a minute is by then a case for whoever is on call. */
const farBehindSeconds = 900;
const runbook = 'docs/runbooks/consumer-behind.md';

/**
 * For each department and topic it listens to: far behind, or nobody reads at all. The second needs the contracts: a series that is missing
 * raises no alarm by itself. Lag is said in seconds; a count says nothing without the rate.
 */
export function lagAlerts(): Manifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'instep-lag' },
    spec: {
      groups: serviceNames.map((service) => ({
        name: `lag.${workloadOf(service)}`,
        rules: accessOf(service).listen.flatMap((topic) => {
          const lag = `instep_consumer_lag_seconds{service="${service}",topic="${topic}"}`;
          const rest = { for: '5m', labels: { severity: 'page', service, topic } };
          return [
            {
              alert: 'InstepDepartmentFarBehind',
              expr: `max(${lag}) > ${farBehindSeconds}`,
              ...rest,
              annotations: { summary: `${service} is more than ${farBehindSeconds / 60} minutes behind ${topic}`, runbook_url: runbook },
            },
            {
              alert: 'InstepDepartmentNotReading',
              expr: `absent(${lag})`,
              ...rest,
              annotations: { summary: `no pod of ${service} reads ${topic}`, runbook_url: runbook },
            },
          ];
        }),
      })),
    },
  };
}
