export type { Decimal } from './decimal.ts';
export {
  add,
  allocate,
  compare,
  decimal,
  divide,
  fixed,
  isNegative,
  isZero,
  maximum,
  minimum,
  multiply,
  negate,
  parseDecimal,
  round,
  subtract,
  sum,
  zero,
} from './decimal.ts';
export type { Currency } from './currency.ts';
export { minorUnits, parseCurrency } from './currency.ts';
export type { Money, MoneyRole } from './money.ts';
export { addMoney, isNoMoney, money, negateMoney, subtractMoney } from './money.ts';
