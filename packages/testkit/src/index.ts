export type { Decisions } from './decision.ts';
export { decisions } from './decision.ts';
export type {
  SampleCustomer,
  SampleLineSettings,
  SampleOrderSettings,
  SampleOrderState,
  SampleRestock,
} from './shopify/sample-order-state.ts';
export type { RefundChoice, SampleOrder } from './shopify/sample-order.ts';
export { shopifyOrder } from './shopify/sample-order.ts';
export type { SampleProductSettings } from './shopify/sample-objects.ts';
export { shopifyCustomerBody, shopifyInventoryLevelBody, shopifyProductBody } from './shopify/sample-objects.ts';
export type { SampleWebhook, WebhookSettings } from './shopify/webhook.ts';
export { shopifyWebhook, sign } from './shopify/webhook.ts';
