import { compare, decimal } from '@instep/values';

import type { Refund } from './order-event.ts';
import type { KnownRefund } from './order-state.ts';

/**
 * Which of two tellings of a refund counts. A whole order tells its refunds better than a refund on its own, which does not say whether its
 * prices contain taxes. A refund has no time stamp of its changes, but money only ever goes out, so more money is later. The text decides
 * the rest, so that any order of arrival ends the same.
 */
export function compareRefunds(a: Refund, b: Refund): number {
  if (a.alone !== b.alone) return a.alone === true ? -1 : 1;
  const byMoney = compare(decimal(a.money), decimal(b.money));
  if (byMoney !== 0) return byMoney;
  const left = textOf(a);
  const right = textOf(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The later telling of each refund, those already known as last first replaced in their place. */
export function learnRefunds(known: readonly KnownRefund[], told: readonly Refund[]): readonly KnownRefund[] {
  let all = known;
  for (const refund of told) {
    const at = all.findIndex((each) => each.refund.refundId === refund.refundId);
    const before = all[at];
    if (before === undefined) all = [...all, { refund, told: false }];
    else if (compareRefunds(refund, before.refund) > 0) all = all.with(at, { refund, told: false });
  }
  return all;
}

function textOf({ at, lines, shipping, adjustment }: Refund): string {
  return JSON.stringify([
    at,
    lines.map((line) => [line.lineId, line.quantity, line.net, line.tax, line.restock, line.locationId]),
    [shipping, adjustment].map(({ net, tax }) => [net.shop, net.presentment, tax.shop, tax.presentment]),
  ]);
}
