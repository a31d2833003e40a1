import { shopifyProductBody } from '@instep/testkit';
import type { SampleLineSettings } from '@instep/testkit';

export interface CatalogItem {
  readonly item: string;
  readonly plentiful: boolean;
  readonly price: string;
  readonly unitCost: string;
  readonly productId: number;
  readonly variantId: number;
}

/** Few items, so that orders fight for them; two are scarce, so that some orders wait. */
export const catalog: readonly CatalogItem[] = [
  { item: 'MUG', plentiful: true, price: '19.99', unitCost: '4.00', productId: 101, variantId: 1_001 },
  { item: 'PEN', plentiful: true, price: '1.99', unitCost: '0.37', productId: 102, variantId: 1_002 },
  { item: 'TEE', plentiful: true, price: '25.00', unitCost: '7.15', productId: 103, variantId: 1_003 },
  { item: 'LAMP', plentiful: false, price: '89.00', unitCost: '31.20', productId: 104, variantId: 1_004 },
  { item: 'RUG', plentiful: false, price: '149.50', unitCost: '60.00', productId: 105, variantId: 1_005 },
];

export function productBody({ item, price, productId, variantId }: CatalogItem, at: string): string {
  return shopifyProductBody({ id: productId, title: item, at, variants: [{ id: variantId, sku: item, price }] });
}

export function lineOf({ item, price, productId, variantId }: CatalogItem, quantity: number): SampleLineSettings {
  return { sku: item, price, productId, variantId, quantity };
}
