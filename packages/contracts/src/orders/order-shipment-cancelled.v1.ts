import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Nullable } from '../fragments.ts';

export const orderShipmentCancelledV1 = defineEvent({
  name: 'order.shipment-cancelled',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'A shipment reported earlier did not take place: its goods are still here.',
  data: Type.Object(
    {
      orderId: Id,
      shipmentId: Id,
      locationId: Nullable(Id),
      lines: Type.Array(Type.Object({ lineId: Id, item: Nullable(Id), quantity: DecimalText }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
