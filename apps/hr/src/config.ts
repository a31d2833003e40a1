/** Port of hr, unless told otherwise. */
export const port = 7004;

/** What payroll runs pay in, unless told otherwise: the currency of the ledger. */
export const ledgerCurrency = 'USD';
