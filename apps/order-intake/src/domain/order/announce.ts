import type { Decision } from '@instep/decider';

import { announceContent } from './announce-content.ts';
import { announcePayment } from './announce-payment.ts';
import { announceProgress } from './announce-progress.ts';
import { announceRefunds } from './announce-refunds.ts';
import { announceShipments } from './announce-shipments.ts';
import { compareRefunds, learnRefunds } from './known-refunds.ts';
import { compareShipments, learnShipments } from './known-shipments.ts';
import type { Refund, Shipment } from './order-event.ts';
import type { OrderState } from './order-state.ts';
import type { Cancellation, Snapshot } from './snapshot.ts';
import { isNewer } from './snapshot.ts';
import { hasShipped } from './standing.ts';
import { Telling } from './telling.ts';

/** What a channel says, as far as it says anything. */
export interface News {
  readonly snapshot?: Snapshot;
  readonly cancelled?: Cancellation | null;
  readonly refunds: readonly Refund[];
  readonly shipments: readonly Shipment[];
}

/**
 * The one idea: what is known decides what should have been announced; the difference to what was announced is announced now.
 * Known is the newest snapshot, and of every refund and shipment the latest telling, whoever brought it. A cancellation is never taken
 * back. So the same reports in any order, however often, end in the same order.
 */
export function announce(orderId: string, state: OrderState, news: News): Decision {
  const newest = news.snapshot !== undefined && isNewer(news.snapshot.stamp, state.asOf) ? news.snapshot : undefined;
  const telling = new Telling(orderId, state, newest?.stamp);
  const refunds = learnRefunds(state.refunds ?? [], news.refunds);
  const shipments = learnShipments(state.shipments ?? [], news.shipments);
  if (newest !== undefined) {
    announceContent(telling, newest);
    announcePayment(telling, newest.received);
  }
  if (telling.state.placed !== undefined) {
    announceShipments(telling, shipments);
    if (news.cancelled != null) announceCancellation(telling, news.cancelled);
    announceRefunds(telling, refunds);
    announceProgress(telling);
  }
  note(telling, refunds, shipments);
  return telling.decision();
}

function announceCancellation(telling: Telling, { at, reason }: Cancellation): void {
  if (telling.state.cancelled) return;
  telling.tell({ type: 'order.cancelled', data: { orderId: telling.orderId, at, reason, afterShipment: hasShipped(telling.state) } }, at);
}

/** What no event carries must be remembered all the same, or an older report could later pass for news. */
function note(telling: Telling, refunds: ReturnType<typeof learnRefunds>, shipments: ReturnType<typeof learnShipments>): void {
  const newRefunds = refunds.flatMap(({ refund }) => {
    const known = telling.state.refunds?.find((each) => each.refund.refundId === refund.refundId);
    return known === undefined || compareRefunds(refund, known.refund) > 0 ? [refund] : [];
  });
  const newShipments = shipments.flatMap(({ shipment }) => {
    const known = telling.state.shipments?.find((each) => each.shipment.fulfillmentId === shipment.fulfillmentId);
    return known === undefined || compareShipments(shipment, known.shipment) > 0
      ? [{ ...shipment, tracking: shipment.tracking ?? noTracking }]
      : [];
  });
  if (telling.untold === undefined && newRefunds.length === 0 && newShipments.length === 0) return;
  telling.tell({
    type: 'order.noted',
    data: {
      orderId: telling.orderId,
      ...(newRefunds.length === 0 ? {} : { refunds: newRefunds }),
      ...(newShipments.length === 0 ? {} : { shipments: newShipments }),
    },
  });
}

const noTracking = { company: null, numbers: [], urls: [] };
