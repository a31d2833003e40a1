import { describe, expect, it } from '@jest/globals';
import type { IncomingEvent } from '@instep/department';
import { deskOf, incoming, orderContent } from '@instep/testkit/department';
import { decimal } from '@instep/values';
import fc from 'fast-check';

import { compose } from '../compose.ts';
import { hireEmployee } from '../domain/employee/hire-employee.ts';
import { orderCancelled, orderPaid, orderPlaced, orderRefunded } from '../../test/order-events.ts';
import { commissionEntry, orderCommissionTable } from './commission.projection.ts';
import { orderSale } from './order-sale.projection.ts';

function shop() {
  const desk = deskOf(compose());
  desk.ask(
    hireEmployee.with({
      employeeId: 'eve',
      subject: 'employee/eve',
      hiredAt: '2026-01-01T00:00:00Z',
      staff: ['pos:1'],
      salary: decimal('0'),
      currency: 'USD',
      commissionRate: decimal('0.1'),
      personal: null,
    }),
  );
  return {
    hear: desk.hear,
    get commission() {
      const [state] = orderCommissionTable.rows(desk.state(orderCommissionTable.stream, 'pos:1'), {
        tenant: 'demo',
        id: 'pos:1',
        version: 1,
      });
      return state?.total;
    },
    get kept() {
      return desk.row(orderSale, ['demo', 'pos:1']);
    },
  };
}

function after(...events: readonly IncomingEvent[]) {
  const place = shop();
  for (const event of events) place.hear(event);
  return place.commission;
}

const lineBAway = [
  { lineId: 'a', net: '100', tax: '10' },
  { lineId: 'b', net: '0' },
];
const amended = incoming(
  'order.amended',
  {
    orderId: 'pos:1',
    content: orderContent(lineBAway, { total: { shop: '110' } }),
    changes: [{ lineId: 'b', before: '1', after: '0' }],
  },
  { subject: 'pos:1' },
);

describe('commission of an order', () => {
  it('is due on the net goods, without gift cards, once it is paid in full', () => {
    const place = shop();
    expect(place.hear(orderPlaced())).toEqual([]);
    expect(place.hear(orderPaid('181.99'))).toEqual([]);
    expect(place.hear(orderPaid('182.00'))).toMatchObject([
      { type: 'commission.earned', data: { amount: '12', base: '120', period: '2026-01' } },
    ]);
  });

  it.each([
    ['12', 'goods and card are kept', []],
    ['2', 'line a is taken back', [orderRefunded('r1', { a: 100 })]],
    ['12', 'the card is taken back', [orderRefunded('r1', { card: 50 })]],
    ['12', 'money is given back beyond goods', [orderRefunded('r1', {}, '30')]],
    ['7', 'a refund is corrected', [orderRefunded('r1', { a: 100 }), orderRefunded('r1', { a: 50 })]],
    ['0', 'more than the goods is taken back', [orderRefunded('r1', { a: 100, b: 20 }), orderRefunded('r2', { a: 100 })]],
    ['10', 'an edit takes line b away', [amended]],
    ['0', 'it is cancelled', [orderCancelled]],
  ])('is %s when %s', (total, _why, events) => {
    expect(after(orderPlaced(), orderPaid('182'), ...events)).toBe(total);
  });

  it('is due when a refund or an edit brings what is owed down to what was paid', () => {
    expect(after(orderPlaced(), orderPaid('72'), orderRefunded('r1', { a: 100 }))).toBe('2');
    expect(after(orderPlaced(), orderPaid('110'), amended)).toBe('10');
  });

  it('of a test order, and of one that names nobody, is nothing', () => {
    expect(after(orderPlaced({ test: true }), orderPaid('182'))).toBeUndefined();
    expect(after(orderPlaced({ staffId: null }), orderPaid('182'))).toBeUndefined();
  });

  it('is taken back when an edit says that nobody sold it', () => {
    const placed = orderPlaced();
    expect(
      after(
        placed,
        orderPaid('182'),
        incoming(
          'order.amended',
          { ...amended.data, content: placed.data.content, head: { ...placed.data, staffId: null } },
          { subject: 'pos:1' },
        ),
      ),
    ).toBe('0');
  });

  it('waits with the release of a held order like with any other edit', () => {
    expect(
      after(
        orderPlaced(),
        orderPaid('182'),
        incoming('order.released', { orderId: 'pos:1', content: amended.data.content }, { subject: 'pos:1' }),
      ),
    ).toBe('10');
  });

  it('is the same in whatever order its facts come', () => {
    const facts = [orderPaid('182'), orderRefunded('r1', { a: 30 }), orderRefunded('r2', { b: 20 }, '5')];
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), fc.boolean(), (order, cancelled) => {
        expect(after(orderPlaced(), ...order, ...(cancelled ? [orderCancelled] : []))).toBe(cancelled ? '0' : '7');
        expect(after(orderPlaced(), orderCancelled, ...order) ?? '0').toBe('0');
      }),
    );
  });

  it('keeps nothing of who bought', () => {
    const place = shop();
    place.hear(orderPlaced());
    expect(JSON.stringify(place.kept)).not.toMatch(/Ada|ada@/);
  });
});

describe('the journal of commissions', () => {
  it('has a row per change', () => {
    const data = {
      orderId: 'o1',
      employeeId: 'eve',
      staff: 'pos:1',
      period: '2026-01',
      amount: '5',
      total: '5',
      base: '50',
      rate: '0.1',
      currency: 'USD',
    };
    expect(commissionEntry.on['commission.earned']?.(incoming('commission.earned', data))).toEqual([
      {
        tenant: 'demo',
        orderId: 'o1',
        entry: 1,
        employeeId: 'eve',
        period: '2026-01',
        amount: '5',
        total: '5',
        base: '50',
        rate: '0.1',
        currency: 'USD',
        occurredAt: '2026-01-01T10:00:00Z',
      },
    ]);
  });
});
