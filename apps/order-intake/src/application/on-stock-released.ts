import { reaction } from '@instep/department';

import { answerStock } from '../domain/order/answer-stock.ts';

/** Only what need no longer be waited for matters: an order may be confirmed by dropping the line that was missing. */
export const onStockReleased = reaction('stock.released', ({ data: { orderId, waived, complete } }) => {
  if (complete) return [answerStock.with({ orderId, answer: { kind: 'reserved' } })];
  if (waived.length === 0) return [];
  return [answerStock.with({ orderId, answer: { kind: 'waived', lines: waived.map(({ lineId, quantity }) => ({ lineId, quantity })) } })];
});
