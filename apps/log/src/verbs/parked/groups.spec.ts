import { describe, expect, it } from '@jest/globals';

import { groupsOf } from './groups.ts';
import type { Parked } from './select.ts';

const parked = (key: string, reason: string, records = 1): Parked => ({
  service: 'finance',
  topic: 'orders',
  key,
  records,
  first: { partition: 0, offset: 1, type: 'order.paid', code: 'defect', reason, parkedAt: `2026-11-25T10:0${String(records)}:00.000Z` },
});

describe('parked keys by cause', () => {
  it('are one group where reasons differ only in ids and figures, with the oldest as the example', () => {
    const groups = groupsOf([
      parked('demo/sample:1', 'order sample:1 lacks line 3\n  at post (post.ts:12)', 1),
      parked('demo/sample:2', 'order sample:2 lacks line 7\n  at post (post.ts:12)', 2),
      parked('demo/sample:3', 'the period is closed', 4),
    ]);
    expect(groups).toMatchObject([
      { service: 'finance', code: 'defect', keys: 2, records: 3, example: 'orders demo/sample:1' },
      { keys: 1, records: 4, reason: 'the period is closed' },
    ]);
  });
});
