import { describe, expect, it } from '@jest/globals';
import { checkData, findEvent } from '@instep/contracts';
import type { IncomingEvent, Reaction, ViewReader } from '@instep/department';
import { decisions } from '@instep/testkit';
import { decimal } from '@instep/values';
import fc from 'fast-check';

import { subscriptions } from '../adapters/log/subscriptions.ts';
import { compose } from '../compose.ts';
import { hireEmployee } from '../domain/employee/hire-employee.ts';
import { incoming, orderCancelled, orderContent, orderPaid, orderPlaced, orderRefunded } from '../../test/order-events.ts';
import { commissionEntry, orderCommissionTable } from './commission.projection.ts';
import { orderSale } from './order-sale.projection.ts';
import type { OrderSaleRow } from './order-sale.projection.ts';

/** The department without runtime: folds the view, asks reactions, decides, checks against the contracts. */
function shop() {
  const desk = decisions(compose().streams);
  let row: OrderSaleRow | undefined;
  const views: ViewReader = { row: () => row as never };
  desk.when(
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
    hear(event: IncomingEvent) {
      const fold = orderSale.on[event.type];
      for (const key of fold?.keys(event as never) ?? []) row = fold?.fold(row, event as never, key) ?? row;
      const commands = subscriptions.reactions
        .filter(({ on }) => on === event.type)
        .flatMap((one) => (one as unknown as Reaction).commands(event, views));
      const events = commands.flatMap((command) => desk.when(command, { time: event.time }).events);
      for (const { type, data } of events) {
        const definition = findEvent(type);
        if (!definition) throw new Error(`no contract names ${type}`);
        checkData(definition, data);
      }
      return events;
    },
    get commission() {
      const [state] = orderCommissionTable.rows(desk.state(orderCommissionTable.stream, 'pos:1'), {
        tenant: 'demo',
        id: 'pos:1',
        version: 1,
      });
      return state?.total;
    },
    get kept() {
      return row;
    },
  };
}

function after(...events: readonly IncomingEvent[]) {
  const place = shop();
  for (const event of events) place.hear(event);
  return place.commission;
}

const amended = incoming('order.amended', {
  orderId: 'pos:1',
  content: orderContent('110', { lineId: 'a', net: '100', tax: '10' }, { lineId: 'b', net: '0' }),
  changes: [{ lineId: 'b', before: '1', after: '0' }],
});

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
        incoming('order.amended', { orderId: 'pos:1', content: placed.data.content, changes: [], head: { ...placed.data, staffId: null } }),
      ),
    ).toBe('0');
  });

  it('waits with the release of a held order like with any other edit', () => {
    expect(after(orderPlaced(), orderPaid('182'), incoming('order.released', { orderId: 'pos:1', content: amended.data.content }))).toBe(
      '10',
    );
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
