import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Nullable } from '../fragments.ts';

export const customerMergedV1 = defineEvent({
  name: 'customer.merged',
  version: 1,
  topic: 'customers',
  stream: 'customer',
  meaning: 'Two records are one person: this customer goes on as `into`.',
  data: Type.Object(
    {
      customerId: Id,
      into: Id,
      identities: Type.Object({ email: Nullable(Id), phone: Nullable(Id) }, { additionalProperties: false }),
    },
    { additionalProperties: false },
  ),
});
