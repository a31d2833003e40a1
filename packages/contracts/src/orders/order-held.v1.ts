import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';
import { HoldReason } from './order-content.ts';
import { AsOf } from './report-stamp.ts';

export const orderHeldV1 = defineEvent({
  name: 'order.held',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'An order cannot be worked on until somebody mends it: the reasons are for a clerk. Told again when the reasons change.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      reasons: Type.Array(HoldReason),
    },
    { additionalProperties: false },
  ),
});
