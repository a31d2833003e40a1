import { describe, expect, it } from '@jest/globals';

import { serviceFigures } from './service-figures.ts';

const metrics = `# HELP instep_consumer_lag_events Records of the partition that are not applied yet.
# TYPE instep_consumer_lag_events gauge
instep_consumer_lag_events{topic="orders",partition="0",service="crm"} 3
instep_consumer_lag_events{topic="orders",partition="1",service="crm"} 4
instep_consumer_lag_seconds{topic="orders",partition="0",service="crm"} 0.25
instep_consumer_lag_seconds{topic="orders",partition="1",service="crm"} 1.5
instep_outbox_rows{service="crm"} 2
instep_parked_keys{service="crm"} 1
instep_parked_records{service="crm"} 5
instep_troubles{service="crm"} 1
process_resident_memory_bytes{service="crm"} 1.2e+8
process_cpu_seconds_total 7
`;

describe('the figures of a service', () => {
  it('are added over its partitions, and the oldest record tells the lag', () => {
    expect(serviceFigures(metrics)).toEqual({ behind: 7, lagSeconds: 1.5, unsent: 2, parked: 5, troubles: 1, memoryBytes: 120_000_000 });
  });

  it('are zero where nothing is said', () => {
    expect(serviceFigures('')).toEqual({ behind: 0, lagSeconds: 0, unsent: 0, parked: 0, troubles: 0, memoryBytes: 0 });
  });
});
