/** Where a balance of an account normally lies. */
export type AccountType = 'asset' | 'liability' | 'income' | 'expense';

export interface Account {
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
}

/** The accounts that every tenant starts with. Numbers are for people, the meaning is fixed: postings name them. */
export const accounts = {
  clearing: { number: '1000', name: 'Payment clearing', type: 'asset' },
  receivable: { number: '1100', name: 'Accounts receivable', type: 'asset' },
  stock: { number: '1200', name: 'Stock', type: 'asset' },
  deposits: { number: '2000', name: 'Customer deposits', type: 'liability' },
  tax: { number: '2100', name: 'Sales tax payable', type: 'liability' },
  wages: { number: '2200', name: 'Wages payable', type: 'liability' },
  giftCards: { number: '2300', name: 'Gift cards outstanding', type: 'liability' },
  goodsReceived: { number: '2400', name: 'Goods received, not invoiced', type: 'liability' },
  sales: { number: '4000', name: 'Sales', type: 'income' },
  shipping: { number: '4100', name: 'Shipping charged', type: 'income' },
  tips: { number: '4200', name: 'Tips', type: 'income' },
  duties: { number: '4300', name: 'Duties and fees charged', type: 'income' },
  allowances: { number: '4800', name: 'Refund allowances', type: 'income' },
  rounding: { number: '4900', name: 'Rounding and differences', type: 'income' },
  costOfGoods: { number: '5000', name: 'Cost of goods sold', type: 'expense' },
  stockDifferences: { number: '5100', name: 'Stock differences', type: 'expense' },
  salaries: { number: '6000', name: 'Salaries', type: 'expense' },
  commissions: { number: '6100', name: 'Commissions', type: 'expense' },
} as const satisfies Record<string, Account>;
