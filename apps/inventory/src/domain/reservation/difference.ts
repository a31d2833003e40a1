import type { Decimal } from '@instep/values';
import { add, compare, divide, isZero, minimum, minorUnits, multiply, negate, subtract, zero } from '@instep/values';

import type { Moved } from './reservation.ts';
import type { MoveTarget } from './target.ts';

export interface Difference {
  /** Movements that were recorded and are not so, as negative ones. */
  readonly undone: readonly Moved[];
  readonly due: readonly MoveTarget[];
}

interface Group {
  readonly wanted: Map<string, Decimal>;
  anywhere: Decimal;
  readonly target: MoveTarget | undefined;
  readonly done: Moved[];
}

const same: Difference = { undone: [], due: [] };

/** What to record so that `done` becomes `targets`. A target without a location is content with wherever it was done. */
export function difference(targets: readonly MoveTarget[], done: readonly Moved[], scaleOf: (item: string) => number): Difference {
  if (targets.length === 0 && done.length === 0) return same;
  const undone: Moved[] = [];
  const due: MoveTarget[] = [];
  for (const group of groups(targets, done).values()) {
    let anywhere = group.anywhere;
    for (const moved of group.done) {
      const wanted = group.wanted.get(moved.location) ?? zero;
      const surplus = subtract(moved.quantity, wanted);
      group.wanted.set(moved.location, subtract(wanted, minimum(wanted, moved.quantity)));
      if (compare(surplus, zero) <= 0) continue;
      const kept = minimum(surplus, anywhere);
      anywhere = subtract(anywhere, kept);
      const back = subtract(surplus, kept);
      if (!isZero(back)) undone.push(partBack(moved, back, scaleOf(moved.item)));
    }
    if (!group.target) continue;
    for (const [location, quantity] of group.wanted) {
      if (!isZero(quantity)) due.push({ ...group.target, location, quantity });
    }
    if (!isZero(anywhere)) due.push({ ...group.target, location: null, quantity: anywhere });
  }
  return { undone, due };
}

function groups(targets: readonly MoveTarget[], done: readonly Moved[]): ReadonlyMap<string, Group> {
  const all = new Map<string, Group>();
  for (const target of targets) {
    const key = keyOf(target);
    const group: Group = all.get(key) ?? { wanted: new Map(), anywhere: zero, target, done: [] };
    all.set(key, group);
    if (target.location === null) group.anywhere = add(group.anywhere, target.quantity);
    else group.wanted.set(target.location, add(group.wanted.get(target.location) ?? zero, target.quantity));
  }
  for (const moved of done) {
    const key = keyOf(moved);
    const group: Group = all.get(key) ?? { wanted: new Map(), anywhere: zero, target: undefined, done: [] };
    all.set(key, group);
    group.done.push(moved);
  }
  return all;
}

function keyOf({ document, lineId, item }: { readonly document: string; readonly lineId: string; readonly item: string }): string {
  return [document, lineId, item].join('\u0000');
}

/** What was unaccounted for leaves the books first. */
function partBack(moved: Moved, quantity: Decimal, scale: number): Moved {
  const whole = quantity === moved.quantity;
  const cost = whole ? moved.cost : divide(multiply(moved.cost, quantity), moved.quantity, scale);
  return { ...moved, quantity: negate(quantity), cost: negate(cost), found: negate(minimum(moved.found, quantity)) };
}

export function minorUnitsOf(currency: string | null): number {
  return currency === null ? 0 : minorUnits(currency);
}
