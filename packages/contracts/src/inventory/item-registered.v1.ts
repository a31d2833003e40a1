import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Nullable, Text } from '../fragments.ts';

export const itemRegisteredV1 = defineEvent({
  name: 'item.registered',
  version: 1,
  topic: 'inventory',
  stream: 'item',
  meaning: 'An item can be stocked. Told again when its description changes.',
  data: Type.Object(
    {
      item: Id,
      title: Text,
      unit: Id,
      /** Ids under which channels know it, `<channel>:<inventory item id>`. */
      channelItems: Type.Array(Id),
      sku: Nullable(Id),
    },
    { additionalProperties: false },
  ),
});
