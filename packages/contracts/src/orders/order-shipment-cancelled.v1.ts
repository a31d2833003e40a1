import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Instant, Nullable } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderShipmentCancelledV1 = defineEvent({
  name: 'order.shipment-cancelled',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning:
    'A shipment reported earlier did not take place: its goods are still here. Or it was corrected, and `order.shipped` follows with what left instead.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      shipmentId: Id,
      locationId: Nullable(Id),
      /** When the channel last changed the shipment. Only order-intake needs it. */
      updatedAt: Type.Optional(Instant),
      lines: Type.Array(Type.Object({ lineId: Id, item: Nullable(Id), quantity: DecimalText }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
