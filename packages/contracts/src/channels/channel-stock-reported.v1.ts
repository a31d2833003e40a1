import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { DecimalText, Id, Instant, Nullable } from '../fragments.ts';

export const channelStockReportedV1 = defineEvent({
  name: 'channel-stock.reported',
  version: 1,
  topic: 'channels',
  stream: 'channel-stock',
  meaning:
    'A channel says how much of an inventory item it thinks is available at a location. Compared with our own stock, never taken over.',
  data: Type.Object(
    {
      channel: Id,
      inventoryItemId: Id,
      locationId: Id,
      available: Nullable(DecimalText),
      reportedAt: Instant,
      contentHash: Id,
    },
    { additionalProperties: false },
  ),
});
