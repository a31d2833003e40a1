import type { Decimal } from '@instep/values';
import { add, decimal, isNegative, isZero, maximum, minimum, subtract, zero } from '@instep/values';

import type { DemandLine, DemandRefund, DemandShipment, OrderDemand } from './order-demand.ts';

export interface Need {
  readonly lineId: string;
  readonly item: string;
  readonly quantity: Decimal;
}

/** Goods that are to have left or come back. `location` null: wherever suits. */
export interface MoveTarget {
  readonly document: string;
  readonly lineId: string;
  readonly item: string;
  readonly location: string | null;
  readonly quantity: Decimal;
}

/** How the stock of an order should stand, whatever has been done so far. */
export interface Target {
  /** To be set aside, for every line that is known, also zero. */
  readonly needs: readonly Need[];
  readonly shipped: readonly MoveTarget[];
  readonly restocked: readonly MoveTarget[];
  /** Per item: refunded without being shipped or coming back. */
  readonly gone: ReadonlyMap<string, Decimal>;
}

const noneGone: ReadonlyMap<string, Decimal> = new Map();

export function targetOf(demand: OrderDemand): Target {
  if (demand.shipments.length === 0 && demand.refunds.length === 0) {
    return {
      needs: stockedLines(demand).map((line) => need(demand, line, positive(line.quantity))),
      shipped: [],
      restocked: [],
      gone: noneGone,
    };
  }
  const lines = new Map(demand.lines.map((line) => [line.lineId, line]));
  const itemOf = (lineId: string, told: string | null): string | null => {
    const line = lines.get(lineId);
    if (!line) return told;
    return line.stocked ? (line.item ?? told) : null;
  };
  const shipped = byTime(demand.shipments).flatMap((shipment) => shipmentTargets(shipment, itemOf));
  const tallies = tally(demand);
  const gone = new Map<string, Decimal>();
  const needs = stockedLines(demand).map((line) => {
    const ordered = positive(line.quantity);
    const { cancelled, shipped: left, goneAtRefund } = tallies.get(line.lineId) ?? untouched;
    const notLeft = maximum(zero, subtract(subtract(ordered, cancelled), left));
    const lost = minimum(goneAtRefund, notLeft);
    if (!isZero(lost)) gone.set(line.item, add(gone.get(line.item) ?? zero, lost));
    return need(demand, line, subtract(notLeft, lost));
  });
  return { needs, shipped, restocked: restockTargets(demand, shipped, itemOf), gone };
}

function stockedLines(demand: OrderDemand): (DemandLine & { readonly item: string })[] {
  return demand.lines.filter((line): line is DemandLine & { readonly item: string } => line.stocked && line.item !== null);
}

function need(demand: OrderDemand, { lineId, item }: { readonly lineId: string; readonly item: string }, open: Decimal): Need {
  return { lineId, item, quantity: demand.held || demand.cancelled ? zero : open };
}

/** Nonsense such as a negative quantity moves nothing. */
function positive(text: string): Decimal {
  const quantity = decimal(text);
  return isNegative(quantity) ? zero : quantity;
}

function shipmentTargets(shipment: DemandShipment, itemOf: (lineId: string, told: string | null) => string | null): MoveTarget[] {
  return shipment.lines.flatMap(({ lineId, item: told, quantity }) => {
    const item = itemOf(lineId, told);
    return item === null ? [] : [{ document: shipment.id, lineId, item, location: shipment.location, quantity: positive(quantity) }];
  });
}

/** Only what left can come back: returns beyond that wait for the shipment that explains them. The oldest refund is served first. */
function restockTargets(
  demand: OrderDemand,
  shipped: readonly MoveTarget[],
  itemOf: (lineId: string, told: string | null) => string | null,
): MoveTarget[] {
  const away = new Map<string, { quantity: Decimal; location: string | null }>();
  for (const { lineId, location, quantity } of shipped) {
    const before = away.get(lineId);
    away.set(lineId, { quantity: add(before?.quantity ?? zero, quantity), location: before?.location ?? location });
  }
  return byTime(demand.refunds).flatMap((refund) =>
    refund.lines.flatMap(({ lineId, item: told, quantity, restock, location }) => {
      const item = itemOf(lineId, told);
      const left = away.get(lineId);
      if (restock !== 'return' || item === null || !left) return [];
      const back = minimum(positive(quantity), left.quantity);
      away.set(lineId, { ...left, quantity: subtract(left.quantity, back) });
      return isZero(back) ? [] : [{ document: refund.id, lineId, item, location: location ?? left.location, quantity: back }];
    }),
  );
}

interface Tally {
  cancelled: Decimal;
  shipped: Decimal;
  returned: Decimal;
  keptByBuyer: Decimal;
  goneAtRefund: Decimal;
}

const untouched: Readonly<Tally> = { cancelled: zero, shipped: zero, returned: zero, keptByBuyer: zero, goneAtRefund: zero };

/**
 * Goes through shipments and refunds in the order of the channel's own clock, so that the order of arrival does not matter. Units that are
 * refunded and do not come back are those that the buyer had by then, and only beyond that ones that never left.
 */
function tally(demand: OrderDemand): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  const tallyOf = (lineId: string): Tally => {
    const known = tallies.get(lineId) ?? { ...untouched };
    tallies.set(lineId, known);
    return known;
  };
  for (const fact of byTime<DemandShipment | DemandRefund>([...demand.shipments, ...demand.refunds])) {
    for (const line of fact.lines) {
      const of = tallyOf(line.lineId);
      const quantity = positive(line.quantity);
      if (!('restock' in line)) {
        of.shipped = add(of.shipped, quantity);
      } else if (line.restock === 'cancel') {
        of.cancelled = add(of.cancelled, quantity);
      } else if (line.restock === 'return') {
        of.returned = add(of.returned, quantity);
      } else {
        const withBuyer = maximum(zero, subtract(subtract(of.shipped, of.returned), of.keptByBuyer));
        const kept = minimum(quantity, withBuyer);
        of.keptByBuyer = add(of.keptByBuyer, kept);
        of.goneAtRefund = add(of.goneAtRefund, subtract(quantity, kept));
      }
    }
  }
  return tallies;
}

function byTime<Fact extends { readonly at: string; readonly id: string }>(facts: readonly Fact[]): Fact[] {
  return facts.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
}
