export type HeaderValues = Readonly<Record<string, string | string[] | undefined>>;

export interface WebhookHeaders {
  readonly topic: string;
  readonly signature: string | undefined;
  readonly webhookId: string | null;
  readonly eventId: string | null;
  readonly apiVersion: string | null;
  readonly shopDomain: string | null;
  readonly triggeredAt: string | null;
}

const longest = 255;

/** What Shopify says about a webhook beside its body. Its newer event subscriptions leave the `x-` out. */
export function readHeaders(headers: HeaderValues): WebhookHeaders {
  const header = (name: string): string | null => {
    const value = headers[`x-shopify-${name}`] ?? headers[`shopify-${name}`];
    const single = Array.isArray(value) ? value[0] : value;
    return single === undefined || single === '' ? null : single.slice(0, longest);
  };
  return {
    topic: header('topic') ?? 'unknown',
    signature: header('hmac-sha256') ?? undefined,
    webhookId: header('webhook-id'),
    eventId: header('event-id'),
    apiVersion: header('api-version'),
    shopDomain: header('shop-domain'),
    triggeredAt: header('triggered-at'),
  };
}
