import { describe, expect, it } from '@jest/globals';

import { createMetrics } from './metrics.ts';

const partitions = [{ topic: 'orders', partition: 1, nextOffset: 90, logEnd: 100, lagSeconds: 2.5, state: 'paused' }];

describe('metrics', () => {
  it('read the status of the department when they are asked for', async () => {
    const metrics = createMetrics('crm');
    let status = {
      consuming: true,
      troubles: [],
      partitions,
      outboxRows: 7,
      outboxOldestSeconds: 3,
      parkedKeys: 1,
      parkedRecords: 4,
      counters: { eventsApplied: 11 },
    };
    metrics.observeDepartment({ status: () => status });
    const first = await metrics.text();
    expect(first).toContain('instep_consumer_lag_events{topic="orders",partition="1",service="crm"} 10');
    expect(first).toContain('instep_consumer_lag_seconds{topic="orders",partition="1",service="crm"} 2.5');
    expect(first).toContain('instep_consumer_standing{topic="orders",partition="1",service="crm"} 1');
    expect(first).toContain('instep_outbox_oldest_seconds{service="crm"} 3');
    expect(first).toContain('instep_department_total{what="eventsApplied",service="crm"} 11');

    status = { ...status, partitions: [], counters: { eventsApplied: 12 } };
    const second = await metrics.text();
    expect(second).not.toContain('topic="orders"');
    expect(second).toContain('instep_department_total{what="eventsApplied",service="crm"} 12');
  });

  it('show the process, the pool and requests by route', async () => {
    const metrics = createMetrics('crm');
    metrics.observePool(() => ({ open: 5, idle: 2, waiting: 1 }));
    metrics.observeRequest({ method: 'GET', route: '/customers/:id', status: 200, seconds: 0.003 });
    const text = await metrics.text();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('instep_database_waiting{service="crm"} 1');
    expect(text).toContain(
      'http_server_request_duration_seconds_count{service="crm",http_request_method="GET",http_route="/customers/:id",http_response_status_code="200"} 1',
    );
  });
});
