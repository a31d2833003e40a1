import { createHash } from 'node:crypto';

/** A short hash of plain data. Whoever builds the data puts its keys in a fixed order: the same facts give the same hash. */
export function contentHash(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 27);
}
