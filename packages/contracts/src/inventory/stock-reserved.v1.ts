import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id } from '../fragments.ts';

export const stockReservedV1 = defineEvent({
  name: 'stock.reserved',
  version: 1,
  topic: 'inventory',
  stream: 'reservation',
  meaning: 'Stock was set aside for lines of an order. `complete`: nothing of the order is missing now.',
  data: Type.Object(
    {
      orderId: Id,
      lines: Type.Array(Type.Object({ lineId: Id, item: Id, location: Id, quantity: DecimalText }, { additionalProperties: false })),
      complete: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
});
