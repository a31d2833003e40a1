import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id, Nullable } from '../fragments.ts';

export const stockRestockedV1 = defineEvent({
  name: 'stock.restocked',
  version: 1,
  topic: 'inventory',
  stream: 'reservation',
  meaning:
    'Goods of an order came back into stock, at the cost they left with. A negative quantity takes a return back that turned out not to be one.',
  data: Type.Object(
    {
      orderId: Id,
      refundId: Id,
      lines: Type.Array(
        Type.Object({ lineId: Id, item: Id, location: Id, quantity: DecimalText, cost: DecimalText }, { additionalProperties: false }),
      ),
      cost: DecimalText,
      currency: Nullable(CurrencyCode),
    },
    { additionalProperties: false },
  ),
});
