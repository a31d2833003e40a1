import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id } from '../fragments.ts';
import { OrderContent } from './order-content.ts';

export const orderAmendedV1 = defineEvent({
  name: 'order.amended',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'An order was edited. `content` is the whole order as it stands now.',
  data: Type.Object(
    {
      orderId: Id,
      content: OrderContent,
      changes: Type.Array(Type.Object({ lineId: Id, before: DecimalText, after: DecimalText }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
