import { describe, expect, it } from '@jest/globals';
import { decisions } from '@instep/testkit';
import { decimal, zero } from '@instep/values';
import fc from 'fast-check';

import { accounts } from '../chart-of-accounts.ts';
import type { OrderFacts } from '../order-facts.ts';
import { combine, credit, debit, imbalance } from '../postings.ts';
import { accountDocument } from './account-document.ts';
import type { JournalPosted } from './account-document.ts';
import { followOrder, postEntry } from './post.ts';

const paid: OrderFacts = {
  currency: 'USD',
  test: false,
  lines: { a: { quantity: decimal('2'), net: decimal('20'), tax: decimal('2'), giftCard: false } },
  charges: { shipping: zero, dutiesAndFees: zero, tip: zero, rounding: zero, tax: zero, channelTax: zero },
  received: decimal('22'),
  shipments: {},
  refunds: {},
};
const follow = (facts: OrderFacts) => followOrder.with({ orderId: 'o', kind: 'payment', memo: 'payment received', facts });

describe('posting', () => {
  it('posts what the books lack, and nothing the second time', () => {
    const ledger = decisions([accountDocument]);
    expect(ledger.when(follow(paid)).events).toEqual([
      {
        type: 'journal.posted',
        data: {
          journalId: 'o#1',
          kind: 'payment',
          orderId: 'o',
          currency: 'USD',
          memo: 'payment received',
          lines: [
            { account: '1000', amount: '22' },
            { account: '2000', amount: '-22' },
          ],
        },
      },
    ]);
    expect(ledger.when(follow(paid)).events).toEqual([]);
  });

  it('posts only the difference when facts change, and the exact reverse when they are taken back', () => {
    const ledger = decisions([accountDocument]);
    ledger.when(follow(paid));
    const [shipment] = ledger.when(follow({ ...paid, shipments: { s: { a: decimal('1') } } })).events as JournalPosted[];
    const [reverse] = ledger.when(follow(paid)).events as JournalPosted[];
    expect(shipment?.data.lines).toEqual([
      { account: '2000', amount: '11' },
      { account: '2100', amount: '-1' },
      { account: '4000', amount: '-10' },
    ]);
    expect(reverse?.data).toMatchObject({
      journalId: 'o#3',
      lines: [
        { account: '2000', amount: '-11' },
        { account: '2100', amount: '1' },
        { account: '4000', amount: '10' },
      ],
    });
  });

  it('keeps cost of goods out of what an order’s facts are compared with', () => {
    const ledger = decisions([accountDocument]);
    const cost = combine(debit(accounts.costOfGoods, decimal('4')), credit(accounts.stock, decimal('4')));
    ledger.when(postEntry.with({ document: 'o', kind: 'cost-of-goods', orderId: 'o', currency: 'USD', memo: 'm', postings: cost }));
    ledger.when(follow(paid));
    expect(ledger.when(follow(paid)).events).toEqual([]);
  });

  it('treats an entry that is off as a defect', () => {
    const entry = postEntry.with({
      document: 'd',
      kind: 'payroll',
      orderId: null,
      currency: 'USD',
      memo: 'm',
      postings: debit(accounts.salaries, decimal('1')),
    });
    expect(() => decisions([accountDocument]).when(entry)).toThrow('off by 1');
  });

  it('ends at the same balances in whatever order facts become known', () => {
    const steps: readonly ((facts: OrderFacts) => OrderFacts)[] = [
      (facts) => ({ ...facts, received: decimal('22') }),
      (facts) => ({ ...facts, shipments: { ...facts.shipments, one: { a: decimal('1') } } }),
      (facts) => ({ ...facts, shipments: { ...facts.shipments, two: { a: decimal('1') } } }),
      (facts) => ({
        ...facts,
        refunds: {
          r: {
            lines: { a: { quantity: decimal('1'), net: decimal('10'), tax: decimal('1') } },
            shippingNet: zero,
            shippingTax: zero,
            adjustmentNet: zero,
            adjustmentTax: zero,
            money: decimal('11'),
            goods: { a: { return: decimal('1') } },
          },
        },
      }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...steps.keys()], { minLength: steps.length }), (order) => {
        const ledger = decisions([accountDocument]);
        let facts: OrderFacts = { ...paid, received: zero };
        for (const step of order) {
          facts = steps[step]?.(facts) ?? facts;
          for (const event of ledger.when(follow(facts)).events as JournalPosted[]) {
            expect(imbalance(event.data.lines.map((line) => ({ ...line, amount: decimal(line.amount) })))).toBe(zero);
          }
        }
        const left = Object.fromEntries(Object.entries(ledger.state(accountDocument, 'o').booked).filter(([, amount]) => amount !== zero));
        expect(left).toEqual({ '1000': '11', '2100': '-1', '4000': '-10' });
      }),
    );
  });
});
