import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Charge, CurrencyCode, DecimalText, Id, Instant } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderRefundedV1 = defineEvent({
  name: 'order.refunded',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning:
    'A refund of the channel took effect: what of the order it takes back (goods, shipping, adjustment) and the money that went back. Shop currency. Told again with the same `refundId` when the channel corrects it: the later one replaces the earlier.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      refundId: Id,
      at: Instant,
      currency: CurrencyCode,
      lines: Type.Array(
        Type.Object({ lineId: Id, quantity: DecimalText, net: DecimalText, tax: DecimalText }, { additionalProperties: false }),
      ),
      shipping: Charge,
      adjustment: Charge,
      money: DecimalText,
      /** Told by the refund's own report: once its order tells it, that telling counts. Only order-intake needs it. */
      alone: Type.Optional(Type.Literal(true)),
    },
    { additionalProperties: false },
  ),
});
