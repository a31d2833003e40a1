import { describe, expect, it } from '@jest/globals';
import type { Reaction, ViewReader } from '@instep/department';
import { decisions } from '@instep/testkit';
import { incoming } from '@instep/testkit/department';

import { subscriptions } from '../adapters/log/subscriptions.ts';
import { compose } from '../compose.ts';
import { customerOrder } from './customer-order.projection.ts';
import { customerIdentityTable, customerTable } from './customer.projection.ts';
import { contentOver119, orderPlaced } from '../../test/order-events.ts';

const { streams } = compose();

/** Commands that the department makes of an event. */
function react(event: ReturnType<typeof incoming>, views: ViewReader = { row: () => undefined }) {
  return subscriptions.reactions
    .filter(({ on }) => on === event.type)
    .flatMap((one) => (one as unknown as Reaction).commands(event, views));
}

const reported = incoming(
  'channel-customer.reported',
  {
    channel: 'sample',
    channelCustomerId: '7',
    reportedAt: '2026-01-02T00:00:00Z',
    contact: { subject: 'sub_e-ada', email: 'e-ada', phone: null, channelCustomerId: '7' },
    tags: ['vip'],
    acceptsMarketing: null,
    personal: { name: 'Ada', email: 'ada@example.com', phone: null },
    contentHash: 'h',
  },
  { subject: 'sample:7' },
);

describe('an order', () => {
  it('makes its buyer a customer with a first order', () => {
    const desk = decisions(streams);
    const [command] = react(orderPlaced());
    if (!command) throw new Error('no command');
    expect(desk.when(command).events.map(({ type, data }) => [type, 'tag' in data ? data.tag : undefined])).toEqual([
      ['customer.registered', undefined],
      ['customer.tagged', 'first-order'],
    ]);
  });

  it('of a guest or a test makes nobody a customer', () => {
    expect(react(orderPlaced({ customer: null }))).toEqual([]);
    expect(react(orderPlaced({ test: true }))).toEqual([]);
  });

  it('counts for its new buyer when an edit changes who that is', () => {
    const placed = orderPlaced();
    const row = customerOrder.on['order.placed']?.fold(undefined, placed, []);
    const head = { ...placed.data, customer: { subject: 'sub_e-bob', email: 'e-bob', phone: null, channelCustomerId: null } };
    const amended = { orderId: 'sample:1', content: contentOver119, changes: [] };
    const views: ViewReader = { row: () => row as never };
    expect(react(incoming('order.amended', amended), views)).toEqual([]);
    expect(react(incoming('order.amended', { ...amended, head }), views)).toMatchObject([
      { data: { pseudonym: 'e-bob', orderId: 'sample:1' } },
    ]);
  });
});

describe('a channel’s report of a customer', () => {
  it('and the orders of this customer meet in one record, whichever comes first', () => {
    const outcome = (...events: Parameters<typeof react>[0][]) => {
      const desk = decisions(streams);
      for (const command of events.flatMap((event) => react(event))) desk.when(command);
      const at = { tenant: 'demo', id: 'cus_e-ada', version: 1 };
      const [row] = customerTable.rows(desk.state(customerTable.stream, 'cus_e-ada'), at);
      const identities = ['e-ada', 'p-1', 'sample:7'].flatMap((id) =>
        customerIdentityTable.rows(desk.state(customerIdentityTable.stream, id), { ...at, id }),
      );
      return { ...row, tags: (JSON.parse(row?.tags ?? '[]') as { tag: string }[]).map(({ tag }) => tag).sort(), identities };
    };
    expect(outcome(orderPlaced(), reported)).toEqual({
      tenant: 'demo',
      customerId: 'cus_e-ada',
      mergedInto: null,
      personal: '{"name":"Ada","email":"ada@example.com","phone":null}',
      knownAt: '2026-01-01T10:00:00Z',
      tags: ['first-order', 'vip'],
      channelCustomers: '["sample:7"]',
      identities: ['e-ada', 'p-1', 'sample:7'].map((identity) => ({ tenant: 'demo', identity, customerId: 'cus_e-ada' })),
    });
    const { knownAt: _known, ...other } = outcome(reported, orderPlaced());
    expect(outcome(orderPlaced(), reported)).toMatchObject(other);
  });

  it('without e-mail and phone is a customer of the channel alone, and not one of another channel with the same id', () => {
    const anonymous = { subject: 's', email: null, phone: null, channelCustomerId: '7' };
    const ids = ['sample', 'other'].map((channel) => {
      const [command] = react(
        incoming('channel-customer.reported', { ...reported.data, channel, contact: anonymous }, { subject: `${channel}:7` }),
      );
      return command && decisions(streams).when(command).decided[0]?.id;
    });
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^cus_./);
  });
});

describe('the row of a merged customer', () => {
  it('says into whom, and nothing personal', () => {
    expect(customerTable.rows({ status: 'merged', id: 'b', into: 'a' }, { tenant: 'demo', id: 'b', version: 2 })).toEqual([
      { tenant: 'demo', customerId: 'b', mergedInto: 'a', personal: null, knownAt: null, tags: '[]', channelCustomers: '[]' },
    ]);
  });
});
