import type { Decimal } from '@instep/values';
import { compare, decimal, subtract } from '@instep/values';

/** An order's line that waits for stock, as a tuple because a hot item that ran out keeps thousands of them. */
export type Waiting = readonly [since: string, orderId: string, lineId: string, missing: Decimal];

/** The list without the line, or with less of it missing. The same list when the line does not wait. */
export function lessWaiting(list: readonly Waiting[], orderId: string, lineId: string, quantity: Decimal): readonly Waiting[] {
  if (list.length === 0) return list;
  const index = list.findIndex((entry) => entry[1] === orderId && entry[2] === lineId);
  const entry = list[index];
  if (!entry) return list;
  const [since, , , missing] = entry;
  if (compare(missing, quantity) <= 0) return list.toSpliced(index, 1);
  return list.with(index, [since, orderId, lineId, subtract(missing, quantity)]);
}

/** The list with these lines of an order in the place of all that it had there before. */
export function waitInstead(
  list: readonly Waiting[],
  orderId: string,
  lines: readonly { readonly lineId: string; readonly missing: string; readonly since: string }[],
): readonly Waiting[] {
  const next = list.some((entry) => entry[1] === orderId) ? list.filter((entry) => entry[1] !== orderId) : [...list];
  for (const line of lines) {
    const entry: Waiting = [line.since, orderId, line.lineId, decimal(line.missing)];
    next.splice(placeFor(next, entry), 0, entry);
  }
  return next;
}

function placeFor(list: readonly Waiting[], entry: Waiting): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other && comesBefore(other, entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function comesBefore(a: Waiting, b: Waiting): boolean {
  for (const index of [0, 1, 2] as const) {
    if (a[index] !== b[index]) return a[index] < b[index];
  }
  return false;
}
