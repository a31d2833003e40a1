import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id, Nullable } from '../fragments.ts';

export const stockShippedV1 = defineEvent({
  name: 'stock.shipped',
  version: 1,
  topic: 'inventory',
  stream: 'reservation',
  meaning:
    'Goods of an order left stock. `reserved`: where they had been set aside; `found`: shipped although the books had none there. A negative quantity takes a shipment back.',
  data: Type.Object(
    {
      orderId: Id,
      shipmentId: Id,
      lines: Type.Array(
        Type.Object(
          {
            lineId: Id,
            item: Id,
            location: Id,
            quantity: DecimalText,
            reserved: Type.Array(Type.Object({ location: Id, quantity: DecimalText }, { additionalProperties: false })),
            found: DecimalText,
            cost: DecimalText,
          },
          { additionalProperties: false },
        ),
      ),
      cost: DecimalText,
      currency: Nullable(CurrencyCode),
    },
    { additionalProperties: false },
  ),
});
