import { describe, expect, it } from '@jest/globals';
import { inMemoryLog } from '@instep/event-log';

import { fromMetrics, fromPositions } from './lag.ts';

describe('how far a service is behind', () => {
  it('is what it says of itself', () => {
    const text = `instep_consumer_lag_events{topic="orders",partition="1"} 4
instep_consumer_lag_seconds{topic="orders",partition="1"} 2.5
instep_outbox_rows 7
instep_troubles 1
`;
    expect(fromMetrics('finance', text)).toMatchObject({
      from: 'service',
      partitions: [{ topic: 'orders', partition: 1, events: 4, seconds: 2.5 }],
      outbox: 7,
      note: 'service, in trouble: see its /health/ready',
    });
  });

  it('is else the way from its positions to the ends of the log, and the age of the first record on it', async () => {
    const log = inMemoryLog({ topics: { orders: 1 } });
    const record = { key: 'demo/1', type: 'x', sequence: undefined, value: Buffer.from('{}') };
    await log.append({ topic: 'orders', partition: 0 }, [record, record, record]);
    const now = Date.now() + 10_000;
    const [lag] = await fromPositions(log, [{ topic: 'orders', partition: 0, nextOffset: 1 }], now);
    expect(lag).toMatchObject({ events: 2 });
    expect(lag?.seconds).toBeGreaterThanOrEqual(10);
    expect(lag?.seconds).toBeLessThan(20);
    expect(await fromPositions(log, [{ topic: 'orders', partition: 0, nextOffset: 3 }], now)).toMatchObject([{ events: 0, seconds: 0 }]);
  });
});
