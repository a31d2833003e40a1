import { reaction } from '@instep/department';

import { answerStock } from '../domain/order/answer-stock.ts';

/** A part that comes later need no longer be waited for. A first part is followed by what is missing of the rest. */
export const onStockReserved = reaction('stock.reserved', ({ data: { orderId, lines, complete } }) => [
  answerStock.with({ orderId, answer: complete ? { kind: 'reserved' } : { kind: 'waived', lines } }),
]);
