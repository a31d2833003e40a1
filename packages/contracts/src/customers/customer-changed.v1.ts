import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Instant, Nullable, Personal } from '../fragments.ts';

export const customerChangedV1 = defineEvent({
  name: 'customer.changed',
  version: 1,
  topic: 'customers',
  stream: 'customer',
  meaning: 'What we know of a customer changed; everything is told as it stands now.',
  data: Type.Object(
    {
      customerId: Id,
      /** Hashes of every e-mail and phone that the customer is found by; the first e-mail is the oldest. */
      identities: Type.Object({ emails: Type.Array(Id), phones: Type.Array(Id) }, { additionalProperties: false }),
      /** `<channel>:<id at the channel>`. */
      channelCustomers: Type.Array(Id),
      /** When the newest source of the personal data said so. */
      knownAt: Instant,
      personal: Nullable(Personal),
    },
    { additionalProperties: false },
  ),
});
