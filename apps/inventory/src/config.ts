import { text } from '@instep/service-host';

/** Port of inventory, unless told otherwise. */
export const port = 7002;

export const settings = {
  /** What receipts are valued in when they do not say. */
  ledgerCurrency: text('LEDGER_CURRENCY', { default: 'USD', pattern: /^[A-Z]{3}$/, like: 'EUR' }),
};
