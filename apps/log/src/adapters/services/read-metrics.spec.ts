import { describe, expect, it } from '@jest/globals';

import { samplesOf } from './read-metrics.ts';

const text = `# HELP instep_consumer_lag_events Records of the partition that are not applied yet.
# TYPE instep_consumer_lag_events gauge
instep_consumer_lag_events{topic="orders",partition="0"} 12
instep_consumer_lag_events{topic="orders",partition="1",note="a \\"b\\""} 0
instep_consumer_lag_events_total 7
instep_outbox_rows 3
`;

describe('metrics', () => {
  it('are read by their whole name, with their labels', () => {
    expect(samplesOf(text, 'instep_consumer_lag_events')).toEqual([
      { labels: { topic: 'orders', partition: '0' }, value: 12 },
      { labels: { topic: 'orders', partition: '1', note: 'a "b"' }, value: 0 },
    ]);
    expect(samplesOf(text, 'instep_outbox_rows')).toEqual([{ labels: {}, value: 3 }]);
    expect(samplesOf(text, 'instep_parked_keys')).toEqual([]);
  });
});
