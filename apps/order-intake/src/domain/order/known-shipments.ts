import { compareInstants } from './instant.ts';
import type { Shipment } from './order-event.ts';
import type { KnownShipment } from './order-state.ts';

type Known = KnownShipment['shipment'];

const progress = { pending: 0, success: 1, failed: 2, cancelled: 2 } as const;

/** Which of two tellings of a shipment is the later one: by its own time stamp, then by how far it got, then by its text. */
export function compareShipments(a: Known, b: Known): number {
  const byTime = compareInstants(a.updatedAt, b.updatedAt) || progress[a.status] - progress[b.status];
  if (byTime !== 0) return byTime;
  const left = goodsOf(a);
  const right = goodsOf(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function learnShipments(known: readonly KnownShipment[], told: readonly Shipment[]): readonly KnownShipment[] {
  let all = known;
  for (const shipment of told) {
    const at = all.findIndex((each) => each.shipment.fulfillmentId === shipment.fulfillmentId);
    const before = all[at];
    if (before === undefined) all = [...all, { shipment, told: false }];
    else if (compareShipments(shipment, before.shipment) > 0) all = all.with(at, { shipment, told: false });
  }
  return all;
}

/** What left and from where: two tellings with the same goods need no new announcement. */
export function goodsOf(shipment: Known): string {
  return JSON.stringify([shipment.locationId, shipment.lines.map((line) => [line.lineId, line.quantity])]);
}
