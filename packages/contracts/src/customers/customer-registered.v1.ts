import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Instant, Nullable, Personal, Text } from '../fragments.ts';

export const customerRegisteredV1 = defineEvent({
  name: 'customer.registered',
  version: 1,
  topic: 'customers',
  stream: 'customer',
  meaning: 'A person or company is a customer now. Found again by the hash of e-mail or phone.',
  data: Type.Object(
    {
      customerId: Id,
      subject: Id,
      /** Hashes of every e-mail and phone that the customer is found by; the first e-mail is the oldest. */
      identities: Type.Object({ emails: Type.Array(Id), phones: Type.Array(Id) }, { additionalProperties: false }),
      /** `<channel>:<id at the channel>`. */
      channelCustomers: Type.Array(Id),
      source: Text,
      /** When the newest source of the personal data said so. */
      knownAt: Instant,
      personal: Nullable(Personal),
    },
    { additionalProperties: false },
  ),
});
