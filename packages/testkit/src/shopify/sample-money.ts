/** An amount in minor units (cents): in the shop's currency and in the buyer's. Whole numbers; test data stays far below 2^53. */
export interface SampleMoney {
  readonly shop: number;
  readonly presentment: number;
}

export const nothing: SampleMoney = { shop: 0, presentment: 0 };

export function plus(...parts: readonly SampleMoney[]): SampleMoney {
  let shop = 0;
  let presentment = 0;
  for (const part of parts) {
    shop += part.shop;
    presentment += part.presentment;
  }
  return { shop, presentment };
}

export function minus(a: SampleMoney, b: SampleMoney): SampleMoney {
  return { shop: a.shop - b.shop, presentment: a.presentment - b.presentment };
}

export function scaled(a: SampleMoney, factor: number): SampleMoney {
  return { shop: Math.round(a.shop * factor), presentment: Math.round(a.presentment * factor) };
}

/** The part of a whole for units `from` up to `to` of `all`: parts taken one after the other add up to the whole. */
export function slice(whole: SampleMoney, from: number, to: number, all: number): SampleMoney {
  if (all === 0) return nothing;
  return minus(scaled(whole, to / all), scaled(whole, from / all));
}

/** `12.50` for 1250. */
export function spell(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** 1250 for `12.50`. */
export function minorUnitsOf(amount: string): number {
  return Math.round(Number(amount) * 100);
}
