import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

export const orderBackorderedV1 = defineEvent({
  name: 'order.backordered',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'Stock is missing for some lines; the order waits for it.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      lines: Type.Array(Type.Object({ lineId: Id, item: Id, missing: DecimalText }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
