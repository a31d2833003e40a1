import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id, Nullable, Text } from '../fragments.ts';

export const stockAdjustedV1 = defineEvent({
  name: 'stock.adjusted',
  version: 1,
  topic: 'inventory',
  stream: 'item',
  meaning: 'A count showed more or less than the books had; `cost` is the change of value, with the sign of the quantity.',
  data: Type.Object(
    {
      item: Id,
      location: Id,
      quantity: DecimalText,
      cost: DecimalText,
      currency: Nullable(CurrencyCode),
      reason: Text,
      orderId: Nullable(Id),
    },
    { additionalProperties: false },
  ),
});
