import { describe, expect, it } from '@jest/globals';

import type { Span } from './span.ts';
import { spanTree } from './span-tree.ts';

const span = (spanId: string, parentSpanId: string | undefined, startedAt: number, service: string, type = ''): Span => ({
  service,
  name: 'process',
  traceId: 't',
  spanId,
  parentSpanId,
  startedAt,
  endedAt: startedAt + 2,
  attributes: type === '' ? {} : { 'instep.event.type': type, 'instep.waited_ms': '3' },
  linkedTraceIds: [],
});

describe('a trace as a tree', () => {
  it('draws children below their parent in the order in which they began, and leaves other traces out', () => {
    const spans = [
      span('c', 'b', 30, 'finance', 'order.placed'),
      span('b', 'a', 10, 'order-intake', 'channel-order.reported'),
      span('d', 'b', 20, 'crm', 'order.placed'),
      span('a', 'outside', 0, 'connectors'),
      { ...span('x', undefined, 0, 'hr'), traceId: 'other' },
    ];
    expect(spanTree(spans, 't')).toEqual([
      '     0.0 ms     2.0 ms  connectors       process',
      '    10.0 ms     2.0 ms  └─ order-intake  process  channel-order.reported  (3 ms in the log)',
      '    20.0 ms     2.0 ms     ├─ crm        process  order.placed  (3 ms in the log)',
      '    30.0 ms     2.0 ms     └─ finance    process  order.placed  (3 ms in the log)',
    ]);
  });
});
