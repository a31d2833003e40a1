import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id } from '../fragments.ts';

export const commissionUnassignedV1 = defineEvent({
  name: 'commission.unassigned',
  version: 1,
  topic: 'people',
  stream: 'commission',
  meaning: 'An order names a staff member whom no employee record names yet; the commission waits for one. `base` is the whole base now.',
  data: Type.Object(
    {
      orderId: Id,
      staff: Id,
      period: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
      base: DecimalText,
      currency: CurrencyCode,
    },
    { additionalProperties: false },
  ),
});
