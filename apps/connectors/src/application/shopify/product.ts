import type { EventData } from '@instep/contracts';
import { zero } from '@instep/values';

import { contentHash } from '../content-hash.ts';
import type { Node } from './read.ts';
import { children, instant, optionalDecimal, optionalId, optionalInstant, ownId, text } from './read.ts';

/** A product of the topics `products/*`. Throws UnmappableBody. */
export function mapProduct(product: Node, channel: string): EventData<'channel-product.reported'> {
  const facts = {
    channel,
    channelProductId: ownId(product),
    title: text(product, 'title') ?? '',
    vendor: text(product, 'vendor'),
    type: text(product, 'product_type'),
    status: text(product, 'status'),
    variants: children(product, 'variants').map(mapVariant),
  };
  return {
    ...facts,
    reportedAt: optionalInstant(product, 'updated_at') ?? instant(product, 'created_at'),
    contentHash: contentHash(facts),
  };
}

function mapVariant(variant: Node): EventData<'channel-product.reported'>['variants'][number] {
  const variantId = ownId(variant);
  const sku = text(variant, 'sku');
  return {
    variantId,
    item: sku ?? `variant:${variantId}`,
    sku,
    barcode: text(variant, 'barcode'),
    title: text(variant, 'title') ?? '',
    price: optionalDecimal(variant, 'price') ?? zero,
    inventoryItemId: optionalId(variant, 'inventory_item_id'),
    /** Null means that the shop does not count it; bodies without the field say nothing. */
    stocked: variant.fields['inventory_management'] !== null,
  };
}
