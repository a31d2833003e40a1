declare const decimalBrand: unique symbol;

/** An exact decimal number as its shortest plain text: `0`, `-12.5`, `199`. No exponent, no leading plus, no trailing zeros. */
export type Decimal = string & { readonly [decimalBrand]: true };

const pattern = /^([+-])?(\d+)(?:\.(\d+))?$/;
const maxDigits = 60;

interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

function split(text: string): Scaled | undefined {
  if (text.length > maxDigits) return undefined;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  const units = BigInt((match[2] ?? '') + fraction);
  return { units: match[1] === '-' ? -units : units, scale: fraction.length };
}

function scaled(value: Decimal): Scaled {
  const dot = value.indexOf('.');
  if (dot < 0) return { units: BigInt(value), scale: 0 };
  return { units: BigInt(value.slice(0, dot) + value.slice(dot + 1)), scale: value.length - dot - 1 };
}

function text({ units, scale }: Scaled): Decimal {
  if (units === 0n) return zero;
  if (scale === 0) return units.toString() as Decimal;
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const magnitude = fraction === '' ? whole : `${whole}.${fraction}`;
  return (negative ? `-${magnitude}` : magnitude) as Decimal;
}

function aligned(a: Decimal, b: Decimal): { x: bigint; y: bigint; scale: number } {
  const left = scaled(a);
  const right = scaled(b);
  const scale = Math.max(left.scale, right.scale);
  return { x: raise(left, scale), y: raise(right, scale), scale };
}

function raise(value: Scaled, scale: number): bigint {
  return value.scale === scale ? value.units : value.units * 10n ** BigInt(scale - value.scale);
}

export const zero = '0' as Decimal;

/** The decimal that `input` spells (`"10.00"` gives `10`), or undefined when it is not a plain decimal of at most 60 characters. */
export function parseDecimal(input: string): Decimal | undefined {
  const value = split(input);
  return value && text(value);
}

/** As parseDecimal, for literals and trusted input. Throws a RangeError that names the text. */
export function decimal(input: string): Decimal {
  const value = parseDecimal(input);
  if (value === undefined) throw new RangeError(`not a decimal number: "${input.slice(0, maxDigits)}"`);
  return value;
}

export function add(a: Decimal, b: Decimal): Decimal {
  const { x, y, scale } = aligned(a, b);
  return text({ units: x + y, scale });
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const { x, y, scale } = aligned(a, b);
  return text({ units: x - y, scale });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  const left = scaled(a);
  const right = scaled(b);
  return text({ units: left.units * right.units, scale: left.scale + right.scale });
}

export function negate(a: Decimal): Decimal {
  return subtract(zero, a);
}

/** Negative, zero or positive, as `a` is smaller than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const { x, y } = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function isZero(a: Decimal): boolean {
  return a === zero;
}

export function isNegative(a: Decimal): boolean {
  return a.startsWith('-');
}

export function minimum(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}

export function maximum(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b;
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = zero;
  for (const value of values) total = add(total, value);
  return total;
}

/** `numerator / denominator` rounded half away from zero to `scale` places. Throws a RangeError on a zero denominator. */
export function divide(numerator: Decimal, denominator: Decimal, scale: number): Decimal {
  const { x, y } = aligned(numerator, denominator);
  if (y === 0n) throw new RangeError('division by zero');
  const shifted = x * 10n ** BigInt(scale);
  const half = y < 0n ? -y : y;
  const magnitude = ((shifted < 0n ? -shifted : shifted) * 2n + half) / (half * 2n);
  return text({ units: shifted < 0n !== y < 0n ? -magnitude : magnitude, scale });
}

/** `value` rounded half away from zero to `scale` places. */
export function round(value: Decimal, scale: number): Decimal {
  return divide(value, '1' as Decimal, scale);
}

/** As many fraction digits as asked for: `fixed('12.5', 2)` is `12.50`. Keeps more when the value has more. */
export function fixed(value: Decimal, scale: number): string {
  const [whole = '0', fraction = ''] = value.split('.');
  return scale === 0 && fraction === '' ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}

/**
 * Splits `total` over `weights` in steps of `scale` places so that the parts add up to exactly `total`
 * (largest remainder first, earlier part first among equals). With no weight above zero the first part takes all.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], scale: number): Decimal[] {
  if (weights.length === 0) return [];
  const all = sum(weights);
  if (isZero(all)) return weights.map((_, index) => (index === 0 ? total : zero));
  const exact = scaled(total);
  const places = Math.max(scale, exact.scale);
  const units = raise(exact, places);
  const weightScale = Math.max(...weights.map((w) => scaled(w).scale));
  const parts = weights.map((w) => raise(scaled(w), weightScale));
  const whole = parts.reduce((a, b) => a + b, 0n);
  const shares = parts.map((part) => (units * part) / whole);
  const remainders = parts.map((part, index) => ({ index, rest: abs((units * part) % whole) }));
  remainders.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  const step = units < 0n ? -1n : 1n;
  let left = abs(units - shares.reduce((a, b) => a + b, 0n));
  for (const { index } of remainders) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + step;
    left -= 1n;
  }
  return shares.map((share) => text({ units: share, scale: places }));
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
