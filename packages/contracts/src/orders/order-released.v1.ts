import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';
import { OrderContent } from './order-content.ts';
import { AsOf } from './report-stamp.ts';

export const orderReleasedV1 = defineEvent({
  name: 'order.released',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'What held the order is mended. `content` is the order as it is to be worked on.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      content: OrderContent,
      /** Items that somebody chose for lines without one, and hold codes that somebody accepted. */
      assigned: Type.Optional(Type.Array(Type.Object({ lineId: Id, item: Id }, { additionalProperties: false }))),
      accepted: Type.Optional(Type.Array(Id)),
    },
    { additionalProperties: false },
  ),
});
