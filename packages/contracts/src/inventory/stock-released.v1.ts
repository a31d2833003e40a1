import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Text } from '../fragments.ts';

export const stockReleasedV1 = defineEvent({
  name: 'stock.released',
  version: 1,
  topic: 'inventory',
  stream: 'reservation',
  meaning:
    'Stock set aside for an order is free again (`lines`), and what was waited for no longer is (`waived`). `complete`: nothing of the order is missing now, and it is neither held nor cancelled.',
  data: Type.Object(
    {
      orderId: Id,
      lines: Type.Array(Type.Object({ lineId: Id, item: Id, location: Id, quantity: DecimalText }, { additionalProperties: false })),
      waived: Type.Array(Type.Object({ lineId: Id, item: Id, quantity: DecimalText }, { additionalProperties: false })),
      reason: Text,
      complete: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
});
