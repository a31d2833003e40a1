import { reaction } from '@instep/department';

import { answerStock } from '../domain/order/answer-stock.ts';

export const onStockShort = reaction('stock.short', ({ data }) => [
  answerStock.with({
    orderId: data.orderId,
    answer: { kind: 'short', lines: data.lines.map(({ lineId, item, missing }) => ({ lineId, item, missing })) },
  }),
]);
