import { describe, expect, it } from '@jest/globals';

import type { SoldOrder } from '../load/open-load.ts';
import { kindFor, plainKind } from '../load/order-kinds.ts';
import { channels, scarceItem } from '../load/shelf.ts';
import { checkOrder, type ActualEnd } from './order-ends.ts';
import { mustBeReserved, ShelfBooks } from './shelf-books.ts';
import { Findings } from './verdict.ts';

const sold = (change: Partial<SoldOrder> = {}): SoldOrder => ({
  id: 'sample:1',
  kind: plainKind,
  item: 'A',
  channel: channels[0],
  sentAt: 0,
  acknowledgedAt: 10,
  ...change,
});

const right: ActualEnd = {
  status: 'confirmed',
  known: true,
  reservation: { reserved: 1, gone: 0, missing: 0 },
  balances: { '1000': '16.5', '2000': '-16.5' },
  journals: { payment: 1 },
};

function verdictOn(actual: Partial<ActualEnd>, order: Partial<SoldOrder> = {}) {
  const findings = new Findings();
  checkOrder(sold(order), { ...right, ...actual }, findings);
  const { details, ...counts } = findings.verdict();
  return { ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)), said: details.length };
}

describe('the end of an order', () => {
  it('is right when every department has it once', () => {
    expect(verdictOn({})).toEqual({ said: 0 });
  });

  it.each([
    ['missing in order-intake', { status: undefined }],
    ['missing in inventory', { reservation: undefined }],
    ['missing in finance', { journals: {}, balances: {} }],
    ['missing in crm', { known: false }],
  ])('is lost when it is %s', (_, actual) => {
    expect(verdictOn(actual)).toEqual({ lost: 1, said: 1 });
  });

  it('is doubled when it was booked twice, and then its accounts are wrong, too', () => {
    expect(verdictOn({ journals: { payment: 2 }, balances: { '1000': '33', '2000': '-33' } })).toEqual({
      doubled: 1,
      unbalanced: 1,
      said: 2,
    });
  });

  it('is doubled when more units are set aside than were bought', () => {
    expect(verdictOn({ reservation: { reserved: 2, gone: 0, missing: 0 } })).toEqual({ doubled: 1, said: 1 });
  });

  it('is unbalanced when an account is off by a cent', () => {
    expect(verdictOn({ balances: { '1000': '16.51', '2000': '-16.51' } })).toEqual({ unbalanced: 1, said: 1 });
  });

  it('is stuck when it goes no further', () => {
    expect(verdictOn({ status: 'placed' })).toEqual({ stuck: 1, said: 1 });
    expect(verdictOn({ status: 'backordered' })).toEqual({ stuck: 1, said: 1 });
  });

  it('may wait for an item of which there is not enough', () => {
    const waiting = { status: 'backordered', reservation: { reserved: 0, gone: 0, missing: 1 } };
    expect(verdictOn(waiting, { item: scarceItem })).toEqual({ said: 0 });
  });
});

describe('the books of the shelves', () => {
  it('count what was received and sold, and never promise more of a scarce item than there is', () => {
    const books = new ShelfBooks();
    books.received('demo', scarceItem, 2);
    books.received('demo', 'A', 10);
    const shipped = kindFor(0.15);
    expect(shipped.name).toBe('shipped');
    books.sold([sold({ item: scarceItem }), sold({ item: scarceItem }), sold({ item: scarceItem }), sold(), sold({ kind: shipped })]);
    expect(books.shelves().map((shelf) => ({ ...shelf, must: mustBeReserved(shelf) }))).toEqual([
      { tenant: 'demo', item: scarceItem, received: 2, wanted: 3, gone: 0, must: 2 },
      { tenant: 'demo', item: 'A', received: 10, wanted: 1, gone: 1, must: 1 },
    ]);
  });
});
