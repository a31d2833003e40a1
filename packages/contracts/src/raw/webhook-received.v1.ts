import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Instant, Nullable } from '../fragments.ts';

export const webhookReceivedV1 = defineEvent({
  name: 'webhook.received',
  version: 1,
  topic: 'raw.shopify',
  stream: 'vendor-object',
  meaning:
    'A vendor called our webhook and its signature was right. The body is kept byte for byte, in base64; nothing is interpreted yet.',
  data: Type.Object(
    {
      connection: Id,
      vendor: Type.Literal('shopify'),
      topic: Id,
      webhookId: Nullable(Id),
      eventId: Nullable(Id),
      apiVersion: Nullable(Id),
      shopDomain: Nullable(Id),
      triggeredAt: Nullable(Type.String()),
      receivedAt: Instant,
      body: Type.String({ contentEncoding: 'base64' }),
    },
    { additionalProperties: false },
  ),
});
