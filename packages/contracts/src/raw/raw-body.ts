/** The bytes of a vendor as they stand in a raw event. The one place that writes them, as `bytesOfRawBody` is the one that reads them. */
export function rawBodyOf(bytes: Buffer): string {
  return bytes.toString('base64');
}

/** The bytes that a raw event keeps. */
export function bytesOfRawBody(body: string): Buffer {
  return Buffer.from(body, 'base64');
}
