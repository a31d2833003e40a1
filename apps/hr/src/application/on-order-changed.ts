import type { Command } from '@instep/decider';
import { reaction } from '@instep/department';
import type { AnyReaction, IncomingEvent, ViewReader } from '@instep/department';

import { recordSale } from '../domain/commission/record-sale.ts';
import { commissionBase } from '../domain/commission/sale-facts.ts';
import { orderSale, readSale } from './order-sale.projection.ts';

const reads = { views: [orderSale] };

/** What changes the value of a sale changes its commission. Placing an order alone does not: nothing is due before it is paid. */
export const onOrderChanged: readonly AnyReaction[] = [
  reaction('order.paid', workOut, reads),
  reaction('order.amended', workOut, reads),
  reaction('order.released', workOut, reads),
  reaction('order.refunded', workOut, reads),
  reaction('order.cancelled', workOut, reads),
];

function workOut({ tenant, subject }: IncomingEvent, views: ViewReader): readonly Command[] {
  const row = views.row(orderSale, [tenant, subject]);
  if (!row) return [];
  const facts = readSale(row);
  return facts.named
    ? [recordSale.with({ orderId: subject, staff: facts.staff, base: commissionBase(facts), currency: facts.currency })]
    : [];
}
