import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Contact, Currencies, Id, Instant, Nullable, Personal, Text } from '../fragments.ts';
import { HoldReason, OrderContent } from './order-content.ts';
import { AsOf } from './report-stamp.ts';

export const orderPlacedV1 = defineEvent({
  name: 'order.placed',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning: 'An order came in. When it cannot be worked on as it is, `hold` says why, and nobody reserves or ships until it is released.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      channel: Id,
      channelOrderId: Nullable(Id),
      number: Text,
      placedAt: Instant,
      test: Type.Boolean(),
      currencies: Currencies,
      customer: Nullable(Contact),
      staffId: Nullable(Id),
      locationId: Nullable(Id),
      content: OrderContent,
      hold: Nullable(Type.Array(HoldReason)),
      personal: Nullable(Personal),
    },
    { additionalProperties: false },
  ),
});
