import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderConfirmedV1 = defineEvent({
  name: 'order.confirmed',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'Every line that needs stock has it reserved.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
    },
    { additionalProperties: false },
  ),
});
