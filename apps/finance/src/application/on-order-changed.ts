import type { Command, StreamRef } from '@instep/decider';
import { reaction } from '@instep/department';
import type { AnyReaction, IncomingEvent, ViewReader } from '@instep/department';

import { accountDocument } from '../domain/account-document/account-document.ts';
import type { JournalKind } from '../domain/account-document/account-document.ts';
import { followOrder } from '../domain/account-document/post.ts';
import { orderFacts, readFacts } from './order-facts.projection.ts';

const reads = {
  views: [orderFacts],
  preload: ({ subject }: IncomingEvent): readonly StreamRef[] => [{ stream: accountDocument, id: subject }],
};

function follow(kind: JournalKind, memo: string): (event: IncomingEvent, views: ViewReader) => readonly Command[] {
  return ({ tenant, subject }, views) => {
    const row = views.row(orderFacts, [tenant, subject]);
    return row ? [followOrder.with({ orderId: subject, kind, memo, facts: readFacts(row) })] : [];
  };
}

/** What happened to an order changes what its books must say. Placing it alone does not: nothing is earned or paid by it. */
export const onOrderChanged: readonly AnyReaction[] = [
  reaction('order.paid', follow('payment', 'payment received'), reads),
  reaction('order.shipped', follow('shipment', 'goods shipped'), reads),
  reaction('order.shipment-cancelled', follow('shipment', 'shipment cancelled'), reads),
  reaction('order.refunded', follow('refund', 'refund'), reads),
  reaction('order.returned', follow('refund', 'goods returned'), reads),
  reaction('order.cancelled', follow('cancellation', 'order cancelled'), reads),
  reaction('order.amended', follow('amendment', 'order edited'), reads),
  reaction('order.released', follow('amendment', 'order released'), reads),
];
