import { describe, expect, it } from '@jest/globals';

import { plainKind } from '../load/order-kinds.ts';
import { timingFrom } from './timing.ts';

/** Orders by when they were sent and booked, in milliseconds. */
function timing(times: readonly (readonly [sent: number, booked: number | undefined])[], fault: { began: number; ended: number }) {
  const orders = times.map(([sentAt], at) => ({ id: String(at), sentAt, kind: plainKind }));
  const booked = new Map(times.flatMap(([, at], index) => (at === undefined ? [] : [[String(index), at] as const])));
  return timingFrom(orders, booked, fault);
}

describe('the times of a fault', () => {
  it('are told apart by when an order was sent', () => {
    const fault = { began: 10_000, ended: 20_000 };
    const told = timing(
      [
        [1_000, 1_050],
        [8_000, 8_200],
        [12_000, 23_000],
        [20_500, 24_000],
        [30_000, 30_100],
      ],
      fault,
    );
    expect(told).toEqual({ p99Before: 200, p99During: 11_000, p99After: 3_500, firstSuccessSeconds: 4, lagZeroSeconds: 4 });
  });

  it('do not blame the fault for orders that were prompt, and tell nothing where nothing was booked', () => {
    expect(timing([[1_000, 1_900]], { began: 5_000, ended: 6_000 })).toMatchObject({ lagZeroSeconds: 0, firstSuccessSeconds: undefined });
    expect(timing([[7_000, undefined]], { began: 5_000, ended: 6_000 })).toMatchObject({
      p99After: undefined,
      firstSuccessSeconds: undefined,
    });
  });
});
