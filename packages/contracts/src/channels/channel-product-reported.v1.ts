import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Instant, Nullable, Text } from '../fragments.ts';

export const channelProductReportedV1 = defineEvent({
  name: 'channel-product.reported',
  version: 1,
  topic: 'channels',
  stream: 'channel-product',
  meaning: 'A channel says how a product and its variants stand. Each variant is one stock item.',
  data: Type.Object(
    {
      channel: Id,
      channelProductId: Id,
      reportedAt: Instant,
      title: Text,
      vendor: Nullable(Text),
      type: Nullable(Text),
      status: Nullable(Text),
      variants: Type.Array(
        Type.Object(
          {
            variantId: Id,
            item: Id,
            sku: Nullable(Id),
            barcode: Nullable(Text),
            title: Text,
            price: DecimalText,
            inventoryItemId: Nullable(Id),
            stocked: Type.Boolean(),
          },
          { additionalProperties: false },
        ),
      ),
      contentHash: Id,
    },
    { additionalProperties: false },
  ),
});
