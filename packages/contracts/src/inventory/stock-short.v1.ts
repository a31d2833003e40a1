import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Instant, Nullable } from '../fragments.ts';

export const stockShortV1 = defineEvent({
  name: 'stock.short',
  version: 1,
  topic: 'inventory',
  stream: 'reservation',
  meaning: 'Stock is missing for an order; `missing` is all that is missing now, and it is reserved by itself when stock comes.',
  data: Type.Object(
    {
      orderId: Id,
      /** Where the order would like its goods from. */
      locationId: Nullable(Id),
      /** `since`: when the line began to wait. Who waits longest is served first. */
      lines: Type.Array(Type.Object({ lineId: Id, item: Id, missing: DecimalText, since: Instant }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
