import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id } from '../fragments.ts';

export const commissionEarnedV1 = defineEvent({
  name: 'commission.earned',
  version: 1,
  topic: 'people',
  stream: 'commission',
  meaning: 'Commission for an order changed by `amount` (negative after a refund or cancellation); `total` is the order’s commission now.',
  data: Type.Object(
    {
      orderId: Id,
      employeeId: Id,
      /** The staff id that the order names, `<channel>:<staff id>`. */
      staff: Id,
      /** The month it counts for, `2026-11`. */
      period: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
      amount: DecimalText,
      total: DecimalText,
      base: DecimalText,
      rate: DecimalText,
      currency: CurrencyCode,
    },
    { additionalProperties: false },
  ),
});
