import type { Decision } from '@instep/decider';
import { defineCommand, nothing } from '@instep/decider';
import type { Decimal } from '@instep/values';
import { decimal, isNegative, isZero, subtract, zero } from '@instep/values';

import { order } from './order.ts';
import type { Missing, OrderState } from './order-state.ts';
import { leftToShip } from './standing.ts';
import { Telling } from './telling.ts';

/** What inventory says: all is reserved; this is all that is missing; this much need no longer be waited for. */
export type StockAnswer =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'short'; readonly lines: readonly Missing[] }
  | { readonly kind: 'waived'; readonly lines: readonly { readonly lineId: string; readonly quantity: string }[] };

/** Confirmed or backordered. Inventory answers an order's events in their order, so the last answer is the one that counts. */
export const answerStock = defineCommand<{ readonly orderId: string; readonly answer: StockAnswer }>({
  name: 'answer-stock',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, answer }, read) => {
    const state = read.state(order, orderId);
    if (state.placed === undefined || state.cancelled || state.hold !== undefined) return nothing;
    if (answer.kind === 'reserved') return confirm(orderId, state);
    return missing(orderId, state, answer.kind === 'short' ? answer.lines : withoutWaived(state.missing ?? [], answer.lines));
  },
});

function missing(orderId: string, state: OrderState, lines: readonly Missing[]): Decision {
  if (same(lines, state.missing ?? [])) return nothing;
  if (lines.length === 0) return confirm(orderId, state);
  const telling = new Telling(orderId, state);
  telling.tell({ type: 'order.backordered', data: { orderId, lines: [...lines] } });
  return telling.decision();
}

/** Nobody waits for the confirmation of goods that have left. */
function confirm(orderId: string, state: OrderState): Decision {
  if (state.confirmed || leftToShip(state).size === 0) return nothing;
  const telling = new Telling(orderId, state);
  telling.tell({ type: 'order.confirmed', data: { orderId } });
  return telling.decision();
}

function withoutWaived(lines: readonly Missing[], waived: readonly { readonly lineId: string; readonly quantity: string }[]): Missing[] {
  return lines.flatMap((line) => {
    const rest = waived.reduce<Decimal>(
      (left, { lineId, quantity }) => (lineId === line.lineId ? subtract(left, decimal(quantity)) : left),
      decimal(line.missing),
    );
    return isZero(rest) || isNegative(rest) ? [] : [{ ...line, missing: rest }];
  });
}

function same(a: readonly Missing[], b: readonly Missing[]): boolean {
  const quantities = new Map(b.map((line) => [`${line.lineId}/${line.item}`, line.missing]));
  return (
    a.length === b.length && a.every((line) => decimal(quantities.get(`${line.lineId}/${line.item}`) ?? zero) === decimal(line.missing))
  );
}
