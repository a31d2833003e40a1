import { describe, expect, it } from '@jest/globals';

import { orderedIds } from './system-ports.ts';

describe('ids', () => {
  it('rise, whatever the clock does', () => {
    const times = [5, 5, 4, 6, 6];
    const ids = orderedIds(() => times.shift() ?? 6);
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect(made).toEqual([...new Set(made)].sort());
  });

  it('are UUIDs of version 7 that tell the time', () => {
    const id = orderedIds(() => Date.UTC(2026, 0, 1)).next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 0, 1));
  });
});
