declare const currencyBrand: unique symbol;

/** A currency code of ISO 4217, such as `EUR`. */
export type Currency = string & { readonly [currencyBrand]: true };

const known: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const scales = new Map<string, number>();

/** The currency that `code` names, or undefined when ISO 4217 (as the runtime knows it) has no such code. */
export function parseCurrency(code: string): Currency | undefined {
  return known.has(code) ? (code as Currency) : undefined;
}

/** How many fraction digits amounts of this currency have: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorUnits(currency: string): number {
  const cached = scales.get(currency);
  if (cached !== undefined) return cached;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const scale = format.resolvedOptions().maximumFractionDigits ?? 2;
  scales.set(currency, scale);
  return scale;
}
