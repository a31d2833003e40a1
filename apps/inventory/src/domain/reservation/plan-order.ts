import type { Decided } from '@instep/decider';
import { record } from '@instep/decider';
import type { Decimal } from '@instep/values';
import { add, compare, isZero, maximum, minimum, negate, subtract, sum, zero } from '@instep/values';

import { grouped } from '../grouped.ts';
import type { ItemState } from '../item/item.ts';
import { itemStream } from '../item/item.ts';
import type { Adjustment, Movements } from './movements.ts';
import { move, movingItems } from './movements.ts';
import type { OrderDemand } from './order-demand.ts';
import type { Moved, Quantity, ReservationState } from './reservation.ts';
import { lineKey, reservationStream } from './reservation.ts';
import type { LineChange, LineNeed } from './set-aside.ts';
import { isServed, setAside } from './set-aside.ts';
import type { Shelf } from './shelf.ts';
import { shelfOf } from './shelf.ts';
import { targetOf } from './target.ts';

export interface OrderSituation {
  readonly orderId: string;
  readonly demand: OrderDemand;
  readonly reservation: ReservationState;
  readonly itemState: (item: string) => ItemState;
  /** When lines that turn out to be short begin to wait. */
  readonly time: string;
}

/** Every item whose state a plan for the order may look at. */
export function itemsOfOrder(demand: OrderDemand, reservation: ReservationState): ReadonlySet<string> {
  const items = new Set<string>();
  for (const lines of [demand.lines, ...demand.shipments.map((one) => one.lines), ...demand.refunds.map((one) => one.lines)]) {
    for (const { item } of lines) if (item !== null) items.add(item);
  }
  for (const lines of [reservation.lines, reservation.shipped, reservation.restocked, reservation.gone]) {
    for (const { item } of lines) items.add(item);
  }
  return items;
}

/** What has to be recorded so that the stock of an order stands as the facts want it: target minus done. Nothing when it does already. */
export function planOrder(situation: OrderSituation): readonly Decided[] {
  const { orderId, demand, reservation, itemState } = situation;
  const target = targetOf(demand);
  const needs = needsByItem(target.needs, reservation);
  const moving = movingItems(target, reservation, itemState);
  const changed = new Set([...moving, ...[...needs].filter(([, lines]) => !lines.every(isServed)).map(([item]) => item)]);
  const complete = demand.placed && !demand.held && !demand.cancelled;
  if (changed.size === 0) {
    const nothingMissing = complete && !reservation.complete && reservation.lines.every((line) => isZero(line.missing));
    return nothingMissing
      ? record(reservationStream, orderId, [{ type: 'stock.reserved', data: { orderId, lines: [], complete: true } }])
      : [];
  }
  const left = leftBefore(reservation);
  const shelves = new Map<string, Shelf>();
  for (const item of changed) {
    const own = needs.get(item)?.flatMap((need) => need.before?.reserved ?? []) ?? [];
    shelves.set(item, shelfOf(item, itemState(item), own, left.get(item) ?? []));
  }
  const shelfOfItem = (item: string): Shelf => {
    const shelf = shelves.get(item);
    if (!shelf) throw new Error(`goods of ${item} move although nothing of it changed`);
    return shelf;
  };
  const movements = move(target, reservation, demand.location, shelfOfItem, itemState);
  const leaving = leavingNow(movements);
  const changes = [...shelves].flatMap(([item, shelf]) =>
    setAside(orderId, shelf, needs.get(item) ?? [], leaving.get(item) ?? zero, demand.location),
  );
  return recordPlan(situation, changes, movements, complete);
}

function needsByItem(
  needs: readonly { readonly lineId: string; readonly item: string; readonly quantity: Decimal }[],
  reservation: ReservationState,
): ReadonlyMap<string, readonly LineNeed[]> {
  const before = new Map(reservation.lines.map((line) => [lineKey(line), line]));
  const all = new Map<string, LineNeed>();
  for (const { lineId, item, quantity } of needs) {
    const key = lineKey({ lineId, item });
    all.set(key, { lineId, item, quantity, before: before.get(key) });
  }
  for (const [key, line] of before) {
    if (!all.has(key)) all.set(key, { lineId: line.lineId, item: line.item, quantity: zero, before: line });
  }
  return grouped(all.values(), (line) => line.item);
}

/** What the order has taken from the locations of each item so far, less what it brought back. */
function leftBefore({ shipped, restocked, gone }: ReservationState): ReadonlyMap<string, readonly Quantity[]> {
  const left = [
    ...shipped.map(({ item, location, quantity, found }) => ({ item, location, quantity: subtract(quantity, found) })),
    ...restocked.map(({ item, location, quantity }) => ({ item, location, quantity: negate(quantity) })),
    ...gone,
  ];
  return grouped(left, (one) => one.item);
}

function leavingNow({ shipped, shippedBack, gone }: Movements): ReadonlyMap<string, Decimal> {
  const leaving = new Map<string, Decimal>();
  for (const { item, quantity } of [...shipped, ...shippedBack]) leaving.set(item, add(leaving.get(item) ?? zero, quantity));
  for (const { item, quantity } of gone) leaving.set(item, subtract(leaving.get(item) ?? zero, quantity));
  return leaving;
}

function recordPlan(
  { orderId, demand, reservation, itemState, time }: OrderSituation,
  changes: readonly LineChange[],
  movements: Movements,
  placed: boolean,
) {
  const missing = missingAfter(reservation, changes, time);
  const complete = placed && missing.length === 0;
  const { released, consumed } = splitLess(changes, movements.shipped);
  const waived = changes.flatMap(({ need, more, missing: after }) => {
    const rest = maximum(zero, subtract(need.before?.missing ?? zero, sum(more.map((part) => part.quantity))));
    return compare(rest, after) > 0 ? [{ lineId: need.lineId, item: need.item, quantity: subtract(rest, after) }] : [];
  });
  const reserved = changes.flatMap(({ need, more }) => more.map((part) => ({ lineId: need.lineId, item: need.item, ...part })));
  const releases = released.length > 0 || waived.length > 0;
  const tellsMore = changes.some(({ need, more, missing: after }) => {
    const rest = subtract(need.before?.missing ?? zero, sum(more.map((part) => part.quantity)));
    return compare(after, maximum(zero, rest)) > 0;
  });
  const tellsReserved = reserved.length > 0 || (complete && !reservation.complete && !releases);
  const shippedOf = (all: readonly Moved[]) => shipments(orderId, all, consumed, itemState);
  return [
    ...(releases
      ? record(reservationStream, orderId, [
          { type: 'stock.released', data: { orderId, lines: released, waived, reason: reasonOf(demand), complete } },
        ])
      : []),
    ...record(reservationStream, orderId, shippedOf(movements.shippedBack)),
    ...adjustments(
      orderId,
      movements.gone.filter((one) => !one.quantity.startsWith('-')),
      itemState,
    ),
    ...record(reservationStream, orderId, restocks(orderId, movements.restockedBack, itemState)),
    ...adjustments(orderId, movements.found, itemState),
    ...record(reservationStream, orderId, shippedOf(movements.shipped)),
    ...adjustments(
      orderId,
      movements.gone.filter((one) => one.quantity.startsWith('-')),
      itemState,
    ),
    ...record(reservationStream, orderId, restocks(orderId, movements.restocked, itemState)),
    ...(tellsReserved
      ? record(reservationStream, orderId, [{ type: 'stock.reserved', data: { orderId, lines: reserved, complete } }])
      : []),
    ...(tellsMore
      ? record(reservationStream, orderId, [{ type: 'stock.short', data: { orderId, locationId: demand.location, lines: missing } }])
      : []),
  ];
}

function reasonOf(demand: OrderDemand): string {
  return demand.cancelled ? 'order-cancelled' : demand.held ? 'order-held' : 'order-changed';
}

/** All that the order misses, also of items that did not change now. */
function missingAfter(reservation: ReservationState, changes: readonly LineChange[], time: string) {
  const lines = new Map(
    reservation.lines.map(({ lineId, item, missing, since }) => [
      lineKey({ lineId, item }),
      { lineId, item, missing, since: since ?? time },
    ]),
  );
  for (const { need, missing } of changes) {
    const { lineId, item, before } = need;
    lines.set(lineKey(need), { lineId, item, missing, since: before?.since ?? time });
  }
  return [...lines.values()].filter((line) => !isZero(line.missing));
}

/** What is set aside no longer has left with a shipment of the line, as far as that took something, or is free again. */
function splitLess(changes: readonly LineChange[], shipped: readonly Moved[]) {
  const consumed = new Map<Moved, Quantity[]>();
  const byLine = grouped(shipped, lineKey);
  const released = changes.flatMap(({ need, less }) => {
    const shipments = (byLine.get(lineKey(need)) ?? []).map((moved) => ({ moved, left: moved.quantity }));
    return less.flatMap(({ location, quantity }) => {
      let rest = quantity;
      const here = shipments.filter((one) => one.moved.location === location);
      for (const shipment of [...here, ...shipments.filter((one) => one.moved.location !== location)]) {
        const part = minimum(shipment.left, rest);
        if (isZero(part)) continue;
        shipment.left = subtract(shipment.left, part);
        rest = subtract(rest, part);
        consumed.set(shipment.moved, [...(consumed.get(shipment.moved) ?? []), { location, quantity: part }]);
      }
      return isZero(rest) ? [] : [{ lineId: need.lineId, item: need.item, location, quantity: rest }];
    });
  });
  return { released, consumed };
}

function shipments(
  orderId: string,
  all: readonly Moved[],
  consumed: ReadonlyMap<Moved, Quantity[]>,
  itemState: (item: string) => ItemState,
) {
  return documents(all, itemState).map(({ document, currency, moved }) => {
    const lines = moved.map((one) => {
      const { lineId, item, location, quantity, found, cost } = one;
      return { lineId, item, location, quantity, reserved: consumed.get(one) ?? [], found, cost };
    });
    return {
      type: 'stock.shipped' as const,
      data: { orderId, shipmentId: document, lines, cost: sum(moved.map((one) => one.cost)), currency },
    };
  });
}

function restocks(orderId: string, all: readonly Moved[], itemState: (item: string) => ItemState) {
  return documents(all, itemState).map(({ document, currency, moved }) => {
    const lines = moved.map(({ lineId, item, location, quantity, cost }) => ({ lineId, item, location, quantity, cost }));
    return {
      type: 'stock.restocked' as const,
      data: { orderId, refundId: document, lines, cost: sum(moved.map((one) => one.cost)), currency },
    };
  });
}

/** One event per document and currency of cost: amounts of two currencies have no sum. Goods without a cost go with the others. */
function documents(all: readonly Moved[], itemState: (item: string) => ItemState) {
  return [...grouped(all, (moved) => moved.document)].flatMap(([document, ofDocument]) => {
    const byCurrency = grouped(ofDocument, (moved) => itemState(moved.item).currency);
    const withoutCost = byCurrency.get(null) ?? [];
    const [first, ...others] = [...byCurrency].filter(([currency]) => currency !== null);
    if (!first) return [{ document, currency: null, moved: withoutCost }];
    const groups = [[first[0], [...first[1], ...withoutCost]] as const, ...others];
    return groups.map(([currency, moved]) => ({ document, currency, moved }));
  });
}

function adjustments(orderId: string, all: readonly Adjustment[], itemState: (item: string) => ItemState): Decided[] {
  return all.flatMap(({ item, location, quantity, cost, reason }) =>
    record(itemStream, item, [
      { type: 'stock.adjusted', data: { item, location, quantity, cost, currency: itemState(item).currency, reason, orderId } },
    ]),
  );
}
