import { describe, expect, it } from '@jest/globals';

import { booksOf } from './books.ts';

const chart = [
  { number: '1000', type: 'asset' },
  { number: '1200', type: 'asset' },
  { number: '4000', type: 'income' },
  { number: '2100', type: 'liability' },
] as const;

describe('the books', () => {
  it('are added per group without losing a cent, and the total is reckoned anew', () => {
    const balance = {
      currencies: [
        {
          currency: 'USD',
          total: '0.00',
          accounts: [
            { account: '1000', balance: '90071992547409.93' },
            { account: '1200', balance: '0.10' },
            { account: '4000', balance: '-90071992547410.00' },
            { account: '2100', balance: '-0.02' },
          ],
        },
      ],
    };
    expect(booksOf(balance, chart)).toEqual([
      {
        currency: 'USD',
        groups: { asset: '90071992547410.03', liability: '-0.02', income: '-90071992547410.00', expense: '0.00' },
        total: '0.01',
      },
    ]);
  });
});
