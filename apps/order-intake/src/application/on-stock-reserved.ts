import { reaction } from '@instep/department';

import { answerStock } from '../domain/order/answer-stock.ts';

/** A part that was reserved is followed by what is missing of the rest. */
export const onStockReserved = reaction('stock.reserved', ({ data }) =>
  data.complete ? [answerStock.with({ orderId: data.orderId, answer: { kind: 'reserved' } })] : [],
);
