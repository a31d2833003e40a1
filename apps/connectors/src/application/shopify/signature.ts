import { createHmac, timingSafeEqual } from 'node:crypto';

/** 32 bytes in base64, spelt the one way that Shopify spells them. */
const base64Of32Bytes = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/**
 * Whether the header is the HMAC-SHA256 of exactly these bytes under one of the secrets: the current one, and during a rotation the previous.
 * Takes the same time wherever the signature differs.
 */
export function isAuthentic(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature === undefined || !base64Of32Bytes.test(signature)) return false;
  const given = Buffer.from(signature, 'base64');
  let authentic = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest();
    authentic = timingSafeEqual(expected, given) || authentic;
  }
  return authentic;
}
