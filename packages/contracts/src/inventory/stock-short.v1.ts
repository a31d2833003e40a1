import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id } from '../fragments.ts';

export const stockShortV1 = defineEvent({
  name: 'stock.short',
  version: 1,
  topic: 'inventory',
  stream: 'reservation',
  meaning: 'Stock is missing for an order; `missing` is all that is missing now, and it is reserved by itself when stock comes.',
  data: Type.Object(
    {
      orderId: Id,
      lines: Type.Array(Type.Object({ lineId: Id, item: Id, missing: DecimalText }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
