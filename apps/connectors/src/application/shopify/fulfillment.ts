import type { ChannelFulfillment } from '@instep/contracts';

import type { Node } from './read.ts';
import { children, decimal, instant, optionalId, optionalInstant, ownId, text, texts } from './read.ts';

/** A shipment, the same whether it came inside its order or alone. */
export function mapFulfillment(node: Node): ChannelFulfillment {
  const createdAt = instant(node, 'created_at');
  const number = text(node, 'tracking_number');
  const url = text(node, 'tracking_url');
  const numbers = texts(node, 'tracking_numbers');
  const urls = texts(node, 'tracking_urls');
  return {
    fulfillmentId: ownId(node),
    status: statusOf(text(node, 'status')),
    createdAt,
    updatedAt: optionalInstant(node, 'updated_at') ?? createdAt,
    locationId: optionalId(node, 'location_id'),
    lines: children(node, 'line_items').map((line) => ({ lineId: ownId(line), quantity: decimal(line, 'quantity') })),
    tracking: {
      company: text(node, 'tracking_company'),
      numbers: numbers.length === 0 && number !== null ? [number] : numbers,
      urls: urls.length === 0 && url !== null ? [url] : urls,
    },
  };
}

/** A word that we do not know ships nothing. */
function statusOf(word: string | null): ChannelFulfillment['status'] {
  if (word === 'success' || word === 'cancelled') return word;
  return word === 'error' || word === 'failure' ? 'failed' : 'pending';
}
