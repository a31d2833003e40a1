type UnmappableCode = 'shopify/not-json' | 'shopify/missing' | 'shopify/wrong-type' | 'shopify/out-of-bounds';

/**
 * A signed body that is not what Shopify documents. The raw record's key is parked with this; a mended mapping replays it.
 * Names the place, never the value: bodies hold personal data.
 */
export class UnmappableBody extends Error {
  readonly transient = false;
  readonly code: UnmappableCode;
  readonly paths: readonly { readonly path: string; readonly message: string }[];

  constructor(code: UnmappableCode, path: string, message: string) {
    super(`${path || '/'} ${message}`);
    this.code = code;
    this.paths = [{ path, message }];
  }
}
