import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Currencies, Id, Instant, Nullable } from '../fragments.ts';
import { ChannelRefund } from './channel-facts.ts';

export const channelRefundReportedV1 = defineEvent({
  name: 'channel-refund.reported',
  version: 1,
  topic: 'channels',
  stream: 'channel-order',
  meaning: 'A channel says that a refund of an order exists. It may come before the order itself.',
  data: Type.Object(
    {
      channel: Id,
      channelOrderId: Id,
      reportedAt: Instant,
      /** Null when the refund names no money and so no currency. */
      currencies: Nullable(Currencies),
      refund: ChannelRefund,
      contentHash: Id,
    },
    { additionalProperties: false },
  ),
});
