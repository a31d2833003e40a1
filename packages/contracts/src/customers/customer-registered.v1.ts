import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Nullable, Personal, Text } from '../fragments.ts';

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
      identities: Type.Object({ email: Nullable(Id), phone: Nullable(Id) }, { additionalProperties: false }),
      channelCustomers: Type.Array(Id),
      source: Text,
      personal: Nullable(Personal),
    },
    { additionalProperties: false },
  ),
});
