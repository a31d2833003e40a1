import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';

export const orderCompletedV1 = defineEvent({
  name: 'order.completed',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'Nothing is left to ship and all is paid.',
  data: Type.Object(
    {
      orderId: Id,
    },
    { additionalProperties: false },
  ),
});
