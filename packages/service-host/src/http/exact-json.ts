import { Problem } from './problem.ts';

const MAX_DEPTH = 64;
/** May hold a number that a double cannot: only then the slow way is taken. It also matches long digits in strings, which costs time only. */
const SUSPICIOUS = /[\d.]{16}|\d[eE]/;

/**
 * Parses the body of a request. Throws `Problem` 400 for what is not JSON, is nested deeper than 64 levels, tries to reach prototypes, or
 * holds a number that JavaScript would silently change (ids beyond 2^53, more digits than a double has): such ids belong in strings.
 */
export function parseExactJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(400, 'request/not-json', 'The body is not JSON.');
  }
  refuseMonsters(value, 0);
  if (SUSPICIOUS.test(text)) refuseChangedNumbers(text);
  return value;
}

function refuseMonsters(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) throw new Problem(400, 'request/too-deep', `The body is nested deeper than ${String(MAX_DEPTH)} levels.`);
  if (Array.isArray(value)) {
    for (const item of value) refuseMonsters(item, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value) as [string, unknown][]) {
    if (key === '__proto__' || (key === 'constructor' && typeof item === 'object' && item !== null && 'prototype' in item)) {
      throw new Problem(400, 'request/forbidden-name', `The body has a property named "${key}".`);
    }
    refuseMonsters(item, depth + 1);
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

function refuseChangedNumbers(text: string): void {
  const changed: { holder: unknown; key: string; source: string }[] = [];
  const note: Reviver = function (key, value, { source }) {
    if (typeof value === 'number' && source !== undefined && !isExact(value, source)) changed.push({ holder: this, key, source });
    return value;
  };
  const root: unknown = JSON.parse(text, note as (this: unknown, key: string, value: unknown) => unknown);
  if (changed.length === 0) return;
  const paths = changed.slice(0, 10).map(({ holder, key, source }) => ({
    path: key === '' && !contains(root, holder) ? '' : `${pathTo(root, holder, '') ?? ''}/${key}`,
    message: `the number ${source.slice(0, 40)} cannot be kept exactly; send it as a string`,
  }));
  throw new Problem(400, 'request/inexact-number', `The body holds a number that cannot be kept exactly, at ${paths[0]?.path || '/'}.`, {
    paths,
  });
}

function contains(root: unknown, holder: unknown): boolean {
  return pathTo(root, holder, '') !== undefined;
}

function pathTo(value: unknown, sought: unknown, path: string): string | undefined {
  if (value === sought) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const deeper = pathTo(item, sought, `${path}/${key}`);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/** Whether the shortest text of the double stands for the same number as the text that was sent. */
function isExact(value: number, source: string): boolean {
  return Number.isFinite(value) && canonical(String(value)) === canonical(source);
}

/** Digits without zeros at either end, and the power of ten of the last one. */
function canonical(source: string): string {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = `${whole ?? ''}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign ?? ''}${significant}e${String(Number(exponent) - fraction.length + digits.length - significant.length)}`;
}
