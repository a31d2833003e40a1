import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id, Nullable, Text } from '../fragments.ts';

export const stockReceivedV1 = defineEvent({
  name: 'stock.received',
  version: 1,
  topic: 'inventory',
  stream: 'item',
  meaning: 'Goods came in at a location; `cost` is the value of the whole quantity.',
  data: Type.Object(
    {
      item: Id,
      location: Id,
      quantity: DecimalText,
      cost: DecimalText,
      currency: CurrencyCode,
      reference: Nullable(Text),
    },
    { additionalProperties: false },
  ),
});
