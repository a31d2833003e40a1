import type { Decimal } from '@instep/values';
import { parseDecimal, zero } from '@instep/values';

import { UnmappableBody } from './unmappable-body.ts';

/** An object of a body and where it stands, for the report of a mistake. */
export interface Node {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly at: string;
}

export function nodeOf(value: unknown, at: string): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'an object');
  return { fields: value as Record<string, unknown>, at };
}

/** The object in a field; undefined when it is null or not there. */
export function child(node: Node, name: string): Node | undefined {
  const value = node.fields[name];
  return value === undefined || value === null ? undefined : nodeOf(value, `${node.at}/${name}`);
}

/** The objects in a list; empty when it is null or not there. */
export function children(node: Node, name: string): Node[] {
  const value = node.fields[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(`${node.at}/${name}`, 'a list');
  return value.map((item, index) => nodeOf(item, `${node.at}/${name}/${String(index)}`));
}

export function has(node: Node, name: string): boolean {
  const value = node.fields[name];
  return value !== undefined && value !== null;
}

/** A text; null when it is null, empty or not there. */
export function text(node: Node, name: string): string | null {
  const value = node.fields[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw wrong(`${node.at}/${name}`, 'a text');
  return value;
}

export function texts(node: Node, name: string): string[] {
  const value = node.fields[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(`${node.at}/${name}`, 'a list');
  return value.filter((item): item is string => typeof item === 'string' && item !== '');
}

/** Tags: one text with commas, or a list. */
export function tags(node: Node, name: string): string[] {
  if (Array.isArray(node.fields[name])) return texts(node, name);
  return (text(node, name) ?? '').split(',').flatMap((tag) => tag.trim() || []);
}

export function flag(node: Node, name: string): boolean | null {
  const value = node.fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'boolean') throw wrong(`${node.at}/${name}`, 'true or false');
  return value;
}

const digits = /^\d{1,40}$/;
const globalId = /^gid:\/\/shopify\/\w{1,60}\/(\d{1,40})(?:\?.*)?$/;

/** The digits of an id that is text. Undefined when it is no id. */
export function idOfText(text: string): string | undefined {
  return digits.test(text) ? text : globalId.exec(text)?.[1];
}

/** The digits of a Shopify id, which comes as a number, as text, or as `gid://shopify/Order/1`. Null when it is not there. */
export function optionalId(node: Node, name: string): string | null {
  const value = node.fields[name];
  if (value === undefined || value === null || value === '') return null;
  const plain = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : value;
  const found = typeof plain === 'string' ? idOfText(plain) : undefined;
  if (found === undefined) throw wrong(`${node.at}/${name}`, 'an id');
  return found;
}

export function id(node: Node, name: string): string {
  const found = optionalId(node, name);
  if (found === null) throw new UnmappableBody('shopify/missing', `${node.at}/${name}`, 'is missing');
  return found;
}

/** The object's own id: `id`, else the one in `admin_graphql_api_id`. */
export function ownId(node: Node): string {
  return optionalId(node, 'id') ?? optionalId(node, 'admin_graphql_api_id') ?? id(node, 'id');
}

/** An exact number, which comes as a number or as text. Undefined when it is not there. */
export function optionalDecimal(node: Node, name: string): Decimal | undefined {
  const value = node.fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (value === '0.00' || value === 0) return zero;
  const plain = typeof value === 'number' ? String(value) : value;
  const found = typeof plain === 'string' ? parseDecimal(withoutExponent(plain)) : undefined;
  if (found === undefined || !fits.test(found)) throw wrong(`${node.at}/${name}`, 'a number');
  return found;
}

const fits = /^-?\d{1,40}(\.\d{1,20})?$/;
const exponent = /^(-?)(\d)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/;

/** JavaScript spells very small and very large numbers with an exponent; so may JSON. */
function withoutExponent(numeral: string): string {
  const match = exponent.exec(numeral);
  if (!match) return numeral;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const point = 1 + Number(power);
  const all = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return point >= all.length ? sign + all.padEnd(point, '0') : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

export function decimal(node: Node, name: string): Decimal {
  const found = optionalDecimal(node, name);
  if (found === undefined) throw new UnmappableBody('shopify/missing', `${node.at}/${name}`, 'is missing');
  return found;
}

const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;

/** A time in UTC, from a time with the shop's offset. Null when it is not there. */
export function optionalInstant(node: Node, name: string): string | null {
  const value = text(node, name);
  if (value === null) return null;
  const millis = timestamp.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(millis)) throw wrong(`${node.at}/${name}`, 'a time with an offset');
  return new Date(millis).toISOString();
}

export function instant(node: Node, name: string): string {
  const found = optionalInstant(node, name);
  if (found === null) throw new UnmappableBody('shopify/missing', `${node.at}/${name}`, 'is missing');
  return found;
}

export function wrong(path: string, expected: string): UnmappableBody {
  return new UnmappableBody('shopify/wrong-type', path, `is not ${expected}`);
}

const currencyCode = /^[A-Z]{3}$/;

/** A currency code, known or not. Null when it is not there. */
export function optionalCurrency(node: Node, name: string): string | null {
  const code = text(node, name);
  if (code !== null && !currencyCode.test(code)) throw wrong(`${node.at}/${name}`, 'a currency code');
  return code;
}
