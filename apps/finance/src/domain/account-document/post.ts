import { accept, defineCommand, nothing, record } from '@instep/decider';
import type { Decision } from '@instep/decider';
import { isZero, minorUnits } from '@instep/values';

import type { OrderFacts } from '../order-facts.ts';
import { difference, imbalance } from '../postings.ts';
import type { PostingLine, Postings } from '../postings.ts';
import { accountDocument } from './account-document.ts';
import type { AccountDocument, JournalKind } from './account-document.ts';
import { orderTarget } from './order-target.ts';

interface FollowOrder {
  readonly orderId: string;
  readonly kind: JournalKind;
  readonly memo: string;
  readonly facts: OrderFacts;
}

/** Posts what the books lack for an order; nothing when they are right already. */
export const followOrder = defineCommand<FollowOrder>({
  name: 'follow-order',
  streams: ({ orderId }) => [{ stream: accountDocument, id: orderId }],
  decide({ orderId, kind, memo, facts }, read) {
    const state = read.state(accountDocument, orderId);
    const target = orderTarget(facts, minorUnits(facts.currency));
    return post(state, orderId, { kind, orderId, currency: facts.currency, memo, lines: difference(target, state.booked) });
  },
});

interface PostEntry {
  /** Id of the document, such as `goods/<item>` or an order id. */
  readonly document: string;
  readonly kind: JournalKind;
  readonly orderId: string | null;
  readonly currency: string;
  readonly memo: string;
  readonly postings: Postings;
}

/** Posts an entry as it is: the cause is a fact with its own amount. */
export const postEntry = defineCommand<PostEntry>({
  name: 'post-entry',
  streams: ({ document }) => [{ stream: accountDocument, id: document }],
  decide({ document, postings, ...entry }, read) {
    return post(read.state(accountDocument, document), document, { ...entry, lines: difference(postings, {}) });
  },
});

interface Entry {
  readonly kind: JournalKind;
  readonly orderId: string | null;
  readonly currency: string;
  readonly memo: string;
  readonly lines: readonly PostingLine[];
}

function post(state: AccountDocument, document: string, { lines, ...entry }: Entry): Decision {
  if (lines.length === 0) return nothing;
  const off = imbalance(lines);
  if (!isZero(off)) throw new Error(`an entry for ${document} would be off by ${off}`);
  const journalId = `${document}#${String(state.journals + 1)}`;
  const data = { journalId, ...entry, lines: lines.map(({ account, amount }) => ({ account, amount: amount })) };
  return accept(record(accountDocument, document, [{ type: 'journal.posted', data }]));
}
