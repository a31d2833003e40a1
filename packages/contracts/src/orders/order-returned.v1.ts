import { Type } from 'typebox';

import { Restock } from '../channels/channel-facts.ts';
import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Instant, Nullable } from '../fragments.ts';

export const orderReturnedV1 = defineEvent({
  name: 'order.returned',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'Goods of a refund: `cancel` never left and will not, `return` are back in stock at the location, `none` are not back (or, not yet shipped, are gone).',
  data: Type.Object(
    {
      orderId: Id,
      refundId: Id,
      at: Instant,
      lines: Type.Array(
        Type.Object({ lineId: Id, item: Nullable(Id), quantity: DecimalText, restock: Restock, locationId: Nullable(Id) }, { additionalProperties: false }),
      ),
    },
    { additionalProperties: false },
  ),
});
