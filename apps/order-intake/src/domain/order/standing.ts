import type { Decimal } from '@instep/values';
import { add, compare, decimal, isNegative, isZero, minimum, subtract, zero } from '@instep/values';

import { compareInstants } from './instant.ts';
import type { Refund } from './order-event.ts';
import type { Line, OrderState } from './order-state.ts';

/** Lines and quantities of a shipment or a refund. */
type Goods = readonly { readonly lineId: string; readonly quantity: string }[];

/** What is still to be shipped, by line; lines with nothing left are not in it. `leaving` counts as shipped already. */
export function leftToShip(state: OrderState, leaving: Goods = []): ReadonlyMap<string, Decimal> {
  const left = new Map<string, Decimal>();
  const shipped = shippedGoods(state, leaving);
  const waived = waivedGoods(state);
  for (const line of state.lines) {
    if (!line.shippable) continue;
    const rest = subtract(line.quantity, add(shipped.get(line.id) ?? zero, waived.get(line.id) ?? zero));
    if (!isZero(rest) && !isNegative(rest)) left.set(line.id, rest);
  }
  return left;
}

/** Whether goods must be set aside for the line. Gift cards are printed, not stocked. */
export function needsStock({ shippable, giftCard, quantity }: Line): boolean {
  return shippable && giftCard !== true && !isZero(quantity) && !isNegative(quantity);
}

export function itemsOf(state: OrderState): ReadonlyMap<string, string | null> {
  return new Map(state.lines.map((line) => [line.id, line.item]));
}

/** Shipped less cancelled shipments, by line. */
export function shippedGoods(state: OrderState, leaving: Goods = []): ReadonlyMap<string, Decimal> {
  const shipped = new Map<string, Decimal>();
  for (const { shipment, told } of state.shipments ?? []) if (told) addGoods(shipped, shipment.lines);
  addGoods(shipped, leaving);
  return shipped;
}

export function hasShipped(state: OrderState): boolean {
  return state.shipments?.some((known) => known.told) ?? false;
}

/** Whether what was received and kept covers what is owed: refunds lower both, what is owed by goods, what is kept by money. */
export function isPaid(state: OrderState): boolean {
  let owed = state.total;
  let kept = state.received;
  for (const refund of toldRefunds(state)) {
    owed = subtract(owed, creditOf(refund));
    kept = subtract(kept, decimal(refund.money));
  }
  return compare(kept, owed) >= 0;
}

export function refundedMoney(state: OrderState): Decimal {
  return toldRefunds(state).reduce((money, refund) => add(money, decimal(refund.money)), zero);
}

export function toldRefunds(state: OrderState): readonly Refund[] {
  return (state.refunds ?? []).filter((known) => known.told).map((known) => known.refund);
}

/** Nothing is left to ship, all is paid, and nobody stopped it. */
export function isComplete(state: OrderState): boolean {
  return state.placed !== undefined && state.hold === undefined && !state.cancelled && leftToShip(state).size === 0 && isPaid(state);
}

/**
 * Goods that refunds took out of the order before they left, by line. Goods refunded without having come back are those that the buyer
 * had by then, and only beyond that ones that never left; so shipments and refunds are gone through by the channel's clock.
 */
function waivedGoods(state: OrderState): ReadonlyMap<string, Decimal> {
  const refunds = toldRefunds(state);
  const waived = new Map<string, Decimal>();
  if (refunds.length === 0) return waived;
  const withBuyer = new Map<string, Decimal>();
  const shipments = (state.shipments ?? [])
    .filter((known) => known.told)
    .map(({ shipment }) => ({ at: shipment.createdAt, goods: shipment.lines, refund: undefined }));
  const moves = [...shipments, ...refunds.map((refund) => ({ at: refund.at, goods: refund.lines, refund }))];
  for (const { goods, refund } of moves.toSorted((a, b) => compareInstants(a.at, b.at))) {
    if (refund === undefined) addGoods(withBuyer, goods);
    else for (const line of refund.lines) waive(waived, withBuyer, line);
  }
  return waived;
}

function waive(waived: Map<string, Decimal>, withBuyer: Map<string, Decimal>, line: Refund['lines'][number]): void {
  const had = line.restock === 'cancel' ? zero : minimum(decimal(line.quantity), withBuyer.get(line.lineId) ?? zero);
  withBuyer.set(line.lineId, subtract(withBuyer.get(line.lineId) ?? zero, had));
  if (line.restock !== 'return') addGoods(waived, [{ lineId: line.lineId, quantity: subtract(decimal(line.quantity), had) }]);
}

function creditOf(refund: Refund): Decimal {
  let credit = zero;
  for (const line of refund.lines) credit = add(credit, add(decimal(line.net), decimal(line.tax)));
  for (const { net, tax } of [refund.shipping, refund.adjustment]) credit = add(credit, add(decimal(net.shop), decimal(tax.shop)));
  return credit;
}

function addGoods(to: Map<string, Decimal>, goods: Goods): void {
  for (const { lineId, quantity } of goods) to.set(lineId, add(to.get(lineId) ?? zero, decimal(quantity)));
}
