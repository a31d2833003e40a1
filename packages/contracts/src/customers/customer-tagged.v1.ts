import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Nullable } from '../fragments.ts';

export const customerTaggedV1 = defineEvent({
  name: 'customer.tagged',
  version: 1,
  topic: 'customers',
  stream: 'customer',
  meaning: 'A customer got a tag, `first-order` or `repeat` for example; campaigns start from these.',
  data: Type.Object(
    {
      customerId: Id,
      tag: Id,
      orderId: Nullable(Id),
    },
    { additionalProperties: false },
  ),
});
