import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Instant } from '../fragments.ts';
import { ChannelFulfillment } from './channel-facts.ts';

export const channelFulfillmentReportedV1 = defineEvent({
  name: 'channel-fulfillment.reported',
  version: 1,
  topic: 'channels',
  stream: 'channel-order',
  meaning: 'A channel says how a shipment of an order stands. It may come before the order itself.',
  data: Type.Object(
    { channel: Id, channelOrderId: Id, reportedAt: Instant, fulfillment: ChannelFulfillment, contentHash: Id },
    { additionalProperties: false },
  ),
});
