import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Nullable, Personal } from '../fragments.ts';

export const customerChangedV1 = defineEvent({
  name: 'customer.changed',
  version: 1,
  topic: 'customers',
  stream: 'customer',
  meaning: 'What we know of a customer changed; everything is told as it stands now.',
  data: Type.Object(
    {
      customerId: Id,
      identities: Type.Object({ email: Nullable(Id), phone: Nullable(Id) }, { additionalProperties: false }),
      channelCustomers: Type.Array(Id),
      personal: Nullable(Personal),
    },
    { additionalProperties: false },
  ),
});
