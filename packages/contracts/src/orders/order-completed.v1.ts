import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderCompletedV1 = defineEvent({
  name: 'order.completed',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning:
    'Nothing is left to ship and all is paid. Told again when the order was opened once more by an edit, a cancelled shipment or a payment taken back.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
    },
    { additionalProperties: false },
  ),
});
