import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Contact, Id, Instant, Nullable, Personal, Text } from '../fragments.ts';

export const channelCustomerReportedV1 = defineEvent({
  name: 'channel-customer.reported',
  version: 1,
  topic: 'channels',
  stream: 'channel-customer',
  meaning: 'A channel says how a customer record stands.',
  data: Type.Object(
    {
      channel: Id,
      channelCustomerId: Id,
      reportedAt: Instant,
      contact: Contact,
      tags: Type.Array(Text),
      acceptsMarketing: Nullable(Type.Boolean()),
      personal: Nullable(Personal),
      contentHash: Id,
    },
    { additionalProperties: false },
  ),
});
