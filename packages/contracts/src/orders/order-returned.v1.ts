import { Type } from 'typebox';

import { Restock } from '../channels/channel-facts.ts';
import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Instant, Nullable } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderReturnedV1 = defineEvent({
  name: 'order.returned',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning:
    'Goods of a refund: `cancel` never left and will not, `return` are back in stock at the location, `none` are not back (or, not yet shipped, are gone). Told again with the same `refundId` when the channel corrects it: the later one replaces the earlier.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      refundId: Id,
      at: Instant,
      lines: Type.Array(
        Type.Object(
          { lineId: Id, item: Nullable(Id), quantity: DecimalText, restock: Restock, locationId: Nullable(Id) },
          { additionalProperties: false },
        ),
      ),
    },
    { additionalProperties: false },
  ),
});
