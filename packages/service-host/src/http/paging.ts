import type { FastifyRequest } from 'fastify';

import { Problem } from './problem.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Which part of a list is asked for. */
export interface Page {
  readonly limit: number;
  /** Sort key of the last item of the page before; empty on the first page. */
  readonly after: readonly string[];
}

/** A part of a list. `next` is the `after` of the next part, null at the end. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Reads `limit` and `after` of a request whose items are sorted by `keyParts` values. Throws `Problem` 400. */
export function pageOfRequest(request: FastifyRequest, keyParts: number): Page {
  const { limit, after } = request.query as { limit?: unknown; after?: unknown };
  return { limit: limitOf(limit), after: after === undefined ? [] : keyOf(after, keyParts) };
}

/** `rows`: up to one more than the page's limit; the one more only says that there is a next page. `key`: what the rows are sorted by. */
export function pageOf<Row, Item = Row>(
  rows: readonly Row[],
  page: Page,
  key: (row: Row) => readonly string[],
  item?: (row: Row) => Item,
): Paged<Item> {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const items = item ? shown.map(item) : (shown as unknown as readonly Item[]);
  const more = rows.length > page.limit && last !== undefined;
  return { items, next: more ? Buffer.from(JSON.stringify(key(last))).toString('base64url') : null };
}

function limitOf(limit: unknown): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  const number = typeof limit === 'string' && /^\d{1,4}$/.test(limit) ? Number(limit) : 0;
  if (number < 1 || number > MAX_LIMIT)
    throw new Problem(400, 'request/invalid-page', `limit is a whole number from 1 to ${String(MAX_LIMIT)}.`);
  return number;
}

function keyOf(after: unknown, keyParts: number): readonly string[] {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(String(after), 'base64url').toString('utf8'));
  } catch {
    key = undefined;
  }
  if (Array.isArray(key) && key.length === keyParts && key.every((part) => typeof part === 'string')) return key;
  throw new Problem(400, 'request/invalid-page', 'after is the next of an earlier answer, unchanged.');
}
