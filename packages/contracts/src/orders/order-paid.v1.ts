import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderPaidV1 = defineEvent({
  name: 'order.paid',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning:
    'Money for an order was captured: `amount` now, `received` in all so far (gross of refunds), in the shop currency. Negative when the channel took a capture back.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      amount: DecimalText,
      received: DecimalText,
      currency: CurrencyCode,
      /** Whether the whole order is paid. */
      complete: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
});
