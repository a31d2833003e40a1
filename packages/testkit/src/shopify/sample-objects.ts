import type { SampleCustomer } from './sample-order-state.ts';

export interface SampleProductSettings {
  readonly id: number;
  readonly title: string;
  readonly at: string;
  readonly variants: readonly { readonly id: number; readonly sku: string | null; readonly title?: string; readonly price: string }[];
}

/** JSON text for `products/*`. */
export function shopifyProductBody({ id, title, at, variants }: SampleProductSettings): string {
  return JSON.stringify({
    id,
    title,
    body_html: `<p>${title}</p>`,
    vendor: 'Sample',
    product_type: 'Sample',
    created_at: at,
    handle: `product-${String(id)}`,
    updated_at: at,
    published_at: at,
    template_suffix: null,
    published_scope: 'web',
    tags: '',
    status: 'active',
    admin_graphql_api_id: `gid://shopify/Product/${String(id)}`,
    variants: variants.map((variant, index) => ({
      id: variant.id,
      product_id: id,
      title: variant.title ?? 'Default',
      price: variant.price,
      position: index + 1,
      inventory_policy: 'deny',
      compare_at_price: null,
      option1: variant.title ?? 'Default',
      option2: null,
      option3: null,
      created_at: at,
      updated_at: at,
      taxable: true,
      barcode: null,
      fulfillment_service: 'manual',
      grams: 200,
      inventory_management: 'shopify',
      requires_shipping: true,
      sku: variant.sku ?? '',
      weight: 0.2,
      weight_unit: 'kg',
      inventory_item_id: variant.id,
      inventory_quantity: 0,
      old_inventory_quantity: 0,
      admin_graphql_api_id: `gid://shopify/ProductVariant/${String(variant.id)}`,
      image_id: null,
    })),
    options: [],
    images: [],
    image: null,
  });
}

/** JSON text for `customers/*`. */
export function shopifyCustomerBody(customer: SampleCustomer, at: string): string {
  return JSON.stringify({
    id: customer.id,
    email: customer.email,
    created_at: at,
    updated_at: at,
    first_name: customer.firstName ?? 'Bob',
    last_name: customer.lastName ?? 'Norman',
    orders_count: 0,
    state: 'disabled',
    total_spent: '0.00',
    last_order_id: null,
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    tags: '',
    last_order_name: null,
    currency: 'USD',
    phone: customer.phone ?? null,
    addresses: [],
    tax_exemptions: [],
    email_marketing_consent: { state: 'not_subscribed', opt_in_level: null, consent_updated_at: at },
    sms_marketing_consent: null,
    admin_graphql_api_id: `gid://shopify/Customer/${String(customer.id)}`,
  });
}

/** JSON text for `inventory_levels/update`. */
export function shopifyInventoryLevelBody(level: {
  readonly inventoryItemId: number;
  readonly locationId: number;
  readonly available: number;
  readonly at: string;
}): string {
  return JSON.stringify({
    inventory_item_id: level.inventoryItemId,
    location_id: level.locationId,
    available: level.available,
    updated_at: level.at,
    admin_graphql_api_id: `gid://shopify/InventoryLevel/${String(level.locationId)}?inventory_item_id=${String(level.inventoryItemId)}`,
  });
}
