import type { Refusal } from '@instep/decider';
import { compare, decimal, isNegative, minorUnits, multiply, parseCurrency, round, zero } from '@instep/values';

import type { ItemEvent, ItemState } from './item.ts';

export interface ReceiveStock {
  readonly item: string;
  readonly location: string;
  readonly quantity: string;
  /** Of one unit. */
  readonly unitCost: string;
  readonly currency: string;
  readonly reference: string | null;
}

export function decideReceipt(receipt: ReceiveStock, state: ItemState): readonly ItemEvent[] | Refusal {
  const { item, location, currency, reference } = receipt;
  const quantity = decimal(receipt.quantity);
  const unitCost = decimal(receipt.unitCost);
  if (!state.description) return unknownItem(item);
  if (compare(quantity, zero) <= 0)
    return { code: 'item/nothing-received', message: 'A receipt needs a quantity above zero.', details: { quantity } };
  if (isNegative(unitCost)) return { code: 'item/negative-cost', message: 'Goods cannot cost less than nothing.', details: { unitCost } };
  if (parseCurrency(currency) === undefined) {
    return { code: 'item/unknown-currency', message: `${currency} is not a currency of ISO 4217.`, details: { currency } };
  }
  if (state.currency !== null && state.currency !== currency) {
    return {
      code: 'item/other-currency',
      message: `Stock of ${item} is valued in ${state.currency}; a receipt in ${currency} has no average with it.`,
      details: { item, currency: state.currency },
    };
  }
  const cost = round(multiply(quantity, unitCost), minorUnits(currency));
  return [{ type: 'stock.received', data: { item, location, quantity, cost, currency, reference } }];
}

export function unknownItem(item: string): Refusal {
  return { code: 'item/unknown', message: `No item ${item} is registered.`, details: { item } };
}
