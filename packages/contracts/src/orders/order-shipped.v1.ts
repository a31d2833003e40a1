import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Instant, Nullable, Text } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderShippedV1 = defineEvent({
  name: 'order.shipped',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning:
    'Goods left: one shipment, a part of the order or all of it (`complete`: nothing is left to ship). `item` is as the order had it then: a held line gets its item later. Told again with the same `shipmentId` only after `order.shipment-cancelled`.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      shipmentId: Id,
      shippedAt: Instant,
      /** When the channel last changed the shipment; absent when we shipped it ourselves. Only order-intake needs it. */
      updatedAt: Type.Optional(Instant),
      locationId: Nullable(Id),
      lines: Type.Array(Type.Object({ lineId: Id, item: Nullable(Id), quantity: DecimalText }, { additionalProperties: false })),
      tracking: Type.Object(
        { company: Nullable(Text), numbers: Type.Array(Text), urls: Type.Array(Text) },
        { additionalProperties: false },
      ),
      complete: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
});
