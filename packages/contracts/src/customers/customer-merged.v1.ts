import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';

export const customerMergedV1 = defineEvent({
  name: 'customer.merged',
  version: 1,
  topic: 'customers',
  stream: 'customer',
  meaning: 'Two records are one person: this customer goes on as `into`, and so does all that found it.',
  data: Type.Object(
    {
      customerId: Id,
      into: Id,
      /** Hashes of every e-mail and phone that the customer is found by; the first e-mail is the oldest. */
      identities: Type.Object({ emails: Type.Array(Id), phones: Type.Array(Id) }, { additionalProperties: false }),
      channelCustomers: Type.Array(Id),
    },
    { additionalProperties: false },
  ),
});
