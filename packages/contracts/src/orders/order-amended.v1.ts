import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id } from '../fragments.ts';
import { OrderContent } from './order-content.ts';
import { OrderHead } from './order-head.ts';
import { AsOf } from './report-stamp.ts';

export const orderAmendedV1 = defineEvent({
  name: 'order.amended',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'An order was edited. `content` is the whole order as it stands now.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      content: OrderContent,
      /** Only when something of it changed; then whole. */
      head: Type.Optional(OrderHead),
      changes: Type.Array(Type.Object({ lineId: Id, before: DecimalText, after: DecimalText }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
