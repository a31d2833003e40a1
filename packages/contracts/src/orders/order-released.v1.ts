import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';
import { OrderContent } from './order-content.ts';

export const orderReleasedV1 = defineEvent({
  name: 'order.released',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'What held the order is mended. `content` is the order as it is to be worked on.',
  data: Type.Object(
    {
      orderId: Id,
      content: OrderContent,
    },
    { additionalProperties: false },
  ),
});
