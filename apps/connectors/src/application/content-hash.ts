import { hash } from 'node:crypto';

/** A short hash of plain data. Whoever builds the data puts its keys in a fixed order: the same facts give the same hash. */
export function contentHash(facts: unknown): string {
  return hash('sha256', JSON.stringify(facts), 'base64url').slice(0, 27);
}
