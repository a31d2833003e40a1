import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Instant, Nullable, Text } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderCancelledV1 = defineEvent({
  name: 'order.cancelled',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'The order was cancelled: what is not shipped will not be. Money and goods that go back are events of their own.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      at: Instant,
      reason: Nullable(Text),
      /** Whether something had been shipped before. */
      afterShipment: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
});
