import type { DomainEvent, StreamDefinition } from '@instep/decider';
import { decimal } from '@instep/values';

import { combine } from '../postings.ts';
import type { Postings } from '../postings.ts';

export type JournalKind =
  'payment' | 'shipment' | 'refund' | 'cancellation' | 'amendment' | 'cost-of-goods' | 'goods-receipt' | 'stock-adjustment' | 'payroll';

export type JournalPosted = DomainEvent<
  'journal.posted',
  {
    readonly journalId: string;
    readonly kind: JournalKind;
    readonly orderId: string | null;
    readonly currency: string;
    readonly lines: { account: string; amount: string }[];
    readonly memo: string;
  }
>;

/** What was posted for one document: an order, an item's receipts, a payroll run. */
export interface AccountDocument {
  readonly journals: number;
  /** Posted so far from the order's own facts, per account. Cost of goods and the like are not in it: they are facts, never recomputed. */
  readonly booked: Postings;
}

const followsOrder: ReadonlySet<JournalKind> = new Set(['payment', 'shipment', 'refund', 'cancellation', 'amendment']);

export const accountDocument: StreamDefinition<AccountDocument, JournalPosted> = {
  name: 'account-document',
  initial: () => ({ journals: 0, booked: {} }),
  evolve(state, { data }) {
    const posted = Object.fromEntries(data.lines.map(({ account, amount }) => [account, decimal(amount)]));
    return { journals: state.journals + 1, booked: followsOrder.has(data.kind) ? combine(state.booked, posted) : state.booked };
  },
};
