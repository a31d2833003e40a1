import type { EventData } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { journal } from '@instep/department';

import type { OrderEvent } from '../domain/order/order-event.ts';

/** One line per thing that happened to an order, in words. */
export type OrderHistoryEntry = {
  readonly tenant: string;
  readonly orderId: string;
  readonly version: number;
  readonly type: string;
  readonly time: string;
  readonly recordedTime: string;
  readonly actor: string;
  readonly eventId: string;
  readonly text: string;
};

/** Without personal data: the history outlives what is forgotten. */
export const orderHistory = journal<OrderHistoryEntry>({
  table: { name: 'order_history', key: ['tenant', 'orderId', 'version'] },
  on: {
    'order.placed': entry(({ number, content, currencies, hold }) => {
      const held = hold === null ? '' : `; on hold: ${hold.map((reason) => reason.message).join(' ')}`;
      return `Order ${number} placed: ${lines(content.lines.length)}, ${content.total.shop} ${currencies.shop}${held}`;
    }),
    'order.amended': entry(({ changes, content }) => {
      const changed = changes.map(({ lineId, before, after }) => `line ${lineId} from ${before} to ${after}`).join(', ');
      return `Edited: ${changed === '' ? 'details changed' : changed}; total ${content.total.shop}`;
    }),
    'order.held': entry(({ reasons }) => `On hold: ${reasons.map((reason) => reason.message).join(' ')}`),
    'order.released': entry(
      ({ assigned }) =>
        `Released${assigned === undefined ? '' : `: ${assigned.map(({ lineId, item }) => `line ${lineId} is ${item}`).join(', ')}`}`,
    ),
    'order.paid': entry(
      ({ amount, received, currency, complete }) => `Payment ${amount} ${currency}, received ${received} in all${complete ? ', paid' : ''}`,
    ),
    'order.confirmed': entry(() => 'Confirmed: all goods are reserved'),
    'order.backordered': entry(
      (data) => `Backordered: ${data.lines.map(({ item, missing }) => `${missing} of ${item}`).join(', ')} missing`,
    ),
    'order.shipped': entry(
      ({ shipmentId, complete, ...data }) =>
        `Shipment ${shipmentId}: ${lines(data.lines.length)}${complete ? ', nothing left to ship' : ''}`,
    ),
    'order.shipment-cancelled': entry(({ shipmentId }) => `Shipment ${shipmentId} did not take place as told`),
    'order.refunded': entry(({ refundId, money, currency }) => `Refund ${refundId}: ${money} ${currency}`),
    'order.returned': entry((data) => `Goods of refund ${data.refundId}: ${data.lines.map(goods).join(', ')}`),
    'order.cancelled': entry(
      ({ reason, afterShipment }) => `Cancelled${afterShipment ? ' after shipment' : ''}${reason === null ? '' : `: ${reason}`}`,
    ),
    'order.completed': entry(() => 'Completed'),
    'order.noted': entry(noted),
  },
});

type OwnType = OrderEvent['type'];

/** A text of undefined leaves the event out of the history. */
function entry<Type extends OwnType>(
  text: (data: EventData<Type>) => string | undefined,
): (event: IncomingEvent<Type>) => readonly OrderHistoryEntry[] {
  return (event) => {
    const { tenant, subject: orderId, streamVersion: version, type, time, recordedTime, actor, id: eventId } = event as IncomingEvent;
    const words = text(event.data);
    return words === undefined ? [] : [{ tenant, orderId, version, type, time, recordedTime, actor, eventId, text: words.slice(0, 500) }];
  };
}

function noted({ refunds = [], shipments = [] }: EventData<'order.noted'>): string | undefined {
  const waiting = [
    ...refunds.map((refund) => `refund ${refund.refundId} waits for its order`),
    ...shipments.map((shipment) => `shipment ${shipment.fulfillmentId} is ${shipment.status}`),
  ];
  return waiting.length === 0 ? undefined : `Noted: ${waiting.join(', ')}`;
}

const wordsOf = { cancel: 'not shipped any more', return: 'back in stock', none: 'not back' } as const;

function goods({ lineId, quantity, restock }: EventData<'order.returned'>['lines'][number]): string {
  return `${quantity} of line ${lineId} ${wordsOf[restock]}`;
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${String(count)} lines`;
}
