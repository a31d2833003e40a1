import { createHmac, randomUUID } from 'node:crypto';

/** The signature that Shopify sends: HMAC-SHA256 of the raw bytes, base64. */
export function sign(body: string | Buffer, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

export interface SampleWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WebhookSettings {
  readonly topic: string;
  readonly body: string;
  readonly secret: string;
  /** Default: a new one. The same id again is a repeated delivery. */
  readonly webhookId?: string;
  readonly eventId?: string;
  /** ISO 8601. */
  readonly triggeredAt?: string;
  readonly shopDomain?: string;
}

/** A signed request as Shopify sends it to `POST /webhooks/shopify/<connection>`. */
export function shopifyWebhook({
  topic,
  body,
  secret,
  webhookId = randomUUID(),
  eventId = webhookId,
  triggeredAt,
  shopDomain,
}: WebhookSettings): SampleWebhook {
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': sign(body, secret),
      'x-shopify-shop-domain': shopDomain ?? 'sample.myshopify.com',
      'x-shopify-api-version': '2026-07',
      'x-shopify-webhook-id': webhookId,
      'x-shopify-event-id': eventId,
      ...(triggeredAt === undefined ? {} : { 'x-shopify-triggered-at': triggeredAt }),
    },
  };
}
