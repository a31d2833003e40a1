import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Amounts, Charge, Contact, Currencies, Id, Instant, Nullable, Personal, Text } from '../fragments.ts';
import { ChannelFulfillment, ChannelLine, ChannelRefund, ChannelTax } from './channel-facts.ts';

export const channelOrderReportedV1 = defineEvent({
  name: 'channel-order.reported',
  version: 1,
  topic: 'channels',
  stream: 'channel-order',
  meaning:
    'A channel says how an order stands: the whole order with the time stamp of the channel. Reports repeat, come late and in any order; order-intake decides what happened.',
  data: Type.Object(
    {
      channel: Id,
      channelOrderId: Id,
      number: Text,
      reportedAt: Instant,
      placedAt: Instant,
      test: Type.Boolean(),
      currencies: Currencies,
      taxesIncluded: Type.Boolean(),
      /** The channel's own word for payment, kept for people. */
      paymentStatus: Nullable(Text),
      cancelled: Nullable(Type.Object({ at: Instant, reason: Nullable(Text) }, { additionalProperties: false })),
      closedAt: Nullable(Instant),
      customer: Nullable(Contact),
      staffId: Nullable(Id),
      locationId: Nullable(Id),
      source: Nullable(Text),
      poNumber: Nullable(Text),
      tags: Type.Array(Text),
      lines: Type.Array(ChannelLine),
      shipping: Type.Array(
        Type.Object(
          {
            id: Id,
            title: Text,
            /** After its discount. */
            charge: Charge,
            discount: Amounts,
            /** What the charge's tax is made of. */
            taxes: Type.Optional(Type.Array(ChannelTax)),
          },
          { additionalProperties: false },
        ),
      ),
      tip: Amounts,
      duties: Charge,
      fees: Charge,
      /** Cash rounding; positive = the buyer paid more. */
      rounding: Amounts,
      /**
       * What the buyer owes in all, with tax and rounding, after edits, before refunds: as the channel computes it. Lines, shipping, tip,
       * duties, fees and rounding add up to it when the channel's own figures do.
       */
      total: Amounts,
      /** Money captured so far, with rounding, gross of refunds. */
      received: Amounts,
      refunds: Type.Array(ChannelRefund),
      fulfillments: Type.Array(ChannelFulfillment),
      personal: Nullable(Personal),
      contentHash: Id,
    },
    { additionalProperties: false },
  ),
});
