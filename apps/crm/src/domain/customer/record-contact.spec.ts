import { describe, expect, it } from '@jest/globals';
import { decisions } from '@instep/testkit';
import fc from 'fast-check';

import type { Contact, Identity } from './contact.ts';
import { customer } from './customer.ts';
import type { CustomerEvent } from './customer.ts';
import { holderOf, identity } from './identity.ts';
import { recordContact, registerCustomer } from './record-contact.ts';

const streams = [customer, identity];

function contact(given: { email?: string; phone?: string; channelCustomer?: string } & Partial<Contact>): Contact {
  const { email, phone, channelCustomer, ...rest } = given;
  const identities: Identity[] = [
    ...(email ? [{ kind: 'email' as const, id: `e-${email}` }] : []),
    ...(phone ? [{ kind: 'phone' as const, id: `p-${phone}` }] : []),
    ...(channelCustomer ? [{ kind: 'channelCustomer' as const, id: `sample:${channelCustomer}` }] : []),
  ];
  return {
    identities,
    pseudonym: identities[0]?.id ?? '',
    subject: `sub_${identities[0]?.id ?? ''}`,
    from: 'order',
    source: 'sample',
    seenAt: '2026-01-01T00:00:00Z',
    personal: null,
    orderId: null,
    tags: [],
    ...rest,
  };
}

const ada = { name: 'Ada', email: 'ada@example.com', phone: null };
const told = (identities: { emails?: string[]; phones?: string[] }, channelCustomers: string[] = []) => ({
  identities: { emails: [], phones: [], ...identities },
  channelCustomers,
});
const types = (result: { events: readonly { type: string }[] }) => result.events.map(({ type }) => type);

describe('a contact', () => {
  it('registers a customer who is named after the first identity', () => {
    const { events } = decisions(streams).when(
      recordContact.with(contact({ email: 'ada', phone: '1', channelCustomer: '7', personal: ada })),
    );
    expect(events).toEqual([
      {
        type: 'customer.registered',
        data: {
          customerId: 'cus_e-ada',
          subject: 'sub_e-ada',
          ...told({ emails: ['e-ada'], phones: ['p-1'] }, ['sample:7']),
          source: 'sample',
          knownAt: '2026-01-01T00:00:00Z',
          personal: ada,
        },
      },
    ]);
  });

  it('of a guest of whom nothing is known makes no customer', () => {
    expect(decisions(streams).when(recordContact.with(contact({ personal: ada }))).events).toEqual([]);
  });

  it('changes nothing the second time', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', phone: '1', personal: ada })));
    expect(
      desk.when(recordContact.with(contact({ email: 'ada', phone: '1', personal: ada, seenAt: '2026-02-01T00:00:00Z' }))).events,
    ).toEqual([]);
  });

  it('adds a phone to the customer of its e-mail', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada' })));
    expect(desk.when(recordContact.with(contact({ email: 'ada', phone: '1' }))).events).toEqual([
      {
        type: 'customer.changed',
        data: { customerId: 'cus_e-ada', ...told({ emails: ['e-ada'], phones: ['p-1'] }), knownAt: '2026-01-01T00:00:00Z', personal: null },
      },
    ]);
  });

  it('with a known phone and a new e-mail is the customer of the phone when that one has no e-mail', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ phone: '1' })));
    expect(desk.when(recordContact.with(contact({ email: 'ada', phone: '1' }))).decided).toMatchObject([
      { id: 'cus_p-1', event: { type: 'customer.changed', data: told({ emails: ['e-ada'], phones: ['p-1'] }) } },
    ]);
  });

  it('with a known phone alone is the customer of the phone, e-mail or not', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', phone: '1' })));
    expect(desk.when(recordContact.with(contact({ phone: '1', orderId: 'o1' }))).decided).toMatchObject([
      { id: 'cus_e-ada', event: { type: 'customer.tagged' } },
    ]);
  });

  it('leaves a phone that two e-mails share with the first', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', phone: '1' })));
    const { events } = desk.when(recordContact.with(contact({ email: 'bob', phone: '1' })));
    expect(events).toMatchObject([{ type: 'customer.registered', data: { customerId: 'cus_e-bob', ...told({ emails: ['e-bob'] }) } }]);
    expect(holderOf(desk.state(identity, 'p-1'))).toBe('cus_e-ada');
  });

  it('with the e-mail of one and the phone of another who has none joins the two', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada' })));
    desk.when(recordContact.with(contact({ phone: '1', channelCustomer: '7' })));
    expect(desk.when(recordContact.with(contact({ email: 'ada', phone: '1' }))).decided).toMatchObject([
      {
        id: 'cus_p-1',
        event: { type: 'customer.merged', data: { customerId: 'cus_p-1', into: 'cus_e-ada', ...told({ phones: ['p-1'] }, ['sample:7']) } },
      },
      { id: 'cus_e-ada', event: { type: 'customer.changed', data: told({ emails: ['e-ada'], phones: ['p-1'] }, ['sample:7']) } },
    ]);
    expect(['e-ada', 'p-1', 'sample:7'].map((id) => holderOf(desk.state(identity, id)))).toEqual(['cus_e-ada', 'cus_e-ada', 'cus_e-ada']);
  });

  it('after a merger goes to the customer that went on', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada' })));
    desk.when(recordContact.with(contact({ phone: '1' })));
    desk.when(recordContact.with(contact({ email: 'ada', phone: '1' })));
    expect(desk.when(recordContact.with(contact({ phone: '1', orderId: 'o1' }))).decided).toMatchObject([{ id: 'cus_e-ada' }]);
  });

  it('of an order decides by e-mail, whatever channel customer it names', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', channelCustomer: '7' })));
    expect(desk.when(recordContact.with(contact({ email: 'bob', channelCustomer: '7' }))).events).toMatchObject([
      { type: 'customer.registered', data: { customerId: 'cus_e-bob', ...told({ emails: ['e-bob'] }) } },
    ]);
  });

  it('does not give one customer all phones of a town', () => {
    const desk = decisions(streams);
    for (let n = 0; n < 30; n++) desk.when(recordContact.with(contact({ email: 'till', phone: String(n) })));
    const state = desk.state(customer, 'cus_e-till');
    expect(state.status === 'active' && state.identities.phone.length).toBe(20);
    expect(desk.when(recordContact.with(contact({ phone: '29' }))).decided).toMatchObject([{ id: 'cus_p-29' }]);
    expect(desk.when(recordContact.with(contact({ email: 'till', phone: '31' }))).events).toEqual([]);
  });

  it('of a channel’s customer record keeps the customer when the e-mail changed', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', channelCustomer: '7' })));
    expect(desk.when(recordContact.with(contact({ email: 'ada2', channelCustomer: '7', from: 'customer-record' }))).events).toMatchObject([
      { type: 'customer.changed', data: { customerId: 'cus_e-ada', ...told({ emails: ['e-ada', 'e-ada2'] }, ['sample:7']) } },
    ]);
  });

  it('of a channel’s customer record never joins two who both have an e-mail', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', channelCustomer: '7' })));
    desk.when(recordContact.with(contact({ email: 'bob' })));
    expect(desk.when(recordContact.with(contact({ email: 'bob', channelCustomer: '7', from: 'customer-record' }))).events).toEqual([]);
  });
});

describe('personal data', () => {
  const known = (events: readonly { data: object }[]) => events.map(({ data }) => ('personal' in data ? data.personal : undefined));

  it('is replaced by newer data, field by field', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', personal: { ...ada, phone: '+1', note: 'leave at the door' } })));
    const { events } = desk.when(
      recordContact.with(contact({ email: 'ada', personal: { ...ada, name: 'Ada L' }, seenAt: '2026-01-01T00:00:00.5Z' })),
    );
    expect(known(events)).toEqual([{ name: 'Ada L', email: 'ada@example.com', phone: '+1' }]);
  });

  it('of an older source only fills gaps', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', personal: ada })));
    const { events } = desk.when(
      recordContact.with(contact({ email: 'ada', personal: { name: 'Old', email: null, phone: '+1' }, seenAt: '2025-01-01T00:00:00Z' })),
    );
    expect(known(events)).toEqual([{ ...ada, phone: '+1' }]);
  });

  it('is the same in whatever order its fields come', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', personal: ada })));
    expect(
      desk.when(recordContact.with(contact({ email: 'ada', personal: { phone: null, email: 'ada@example.com', name: 'Ada' } }))).events,
    ).toEqual([]);
  });
});

describe('tags', () => {
  const tags = (events: readonly { type: string; data: object }[]) =>
    events.filter(({ type }) => type === 'customer.tagged').map(({ data }) => data);

  it('mark the first order and the second, once each', () => {
    const desk = decisions(streams);
    const order = (orderId: string) => tags(desk.when(recordContact.with(contact({ email: 'ada', orderId }))).events);
    expect([order('o1'), order('o1'), order('o2'), order('o2'), order('o3')]).toEqual([
      [{ customerId: 'cus_e-ada', tag: 'first-order', orderId: 'o1' }],
      [],
      [{ customerId: 'cus_e-ada', tag: 'repeat', orderId: 'o2' }],
      [],
      [],
    ]);
  });

  it('count the orders of both when two records are joined', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada', orderId: 'o1' })));
    desk.when(recordContact.with(contact({ phone: '1', orderId: 'o2', tags: ['wholesale'] })));
    expect(tags(desk.when(recordContact.with(contact({ email: 'ada', phone: '1' }))).events)).toEqual([
      { customerId: 'cus_e-ada', tag: 'repeat', orderId: 'o2' },
      { customerId: 'cus_e-ada', tag: 'wholesale', orderId: null },
    ]);
  });

  it('of a channel are passed on once, save those that are ours to give', () => {
    const desk = decisions(streams);
    const given = ['vip', 'vip', 'repeat', '', 'x'.repeat(256)];
    expect(tags(desk.when(recordContact.with(contact({ email: 'ada', tags: given }))).events)).toEqual([
      { customerId: 'cus_e-ada', tag: 'vip', orderId: null },
    ]);
    expect(tags(desk.when(recordContact.with(contact({ email: 'ada', tags: given }))).events)).toEqual([]);
  });
});

describe('entering a customer by hand', () => {
  it('is refused without e-mail and phone', () => {
    expect(decisions(streams).when(registerCustomer.with(contact({ personal: ada }))).refused?.code).toBe('customer/no-contact');
  });

  it('finds the customer who is there already', () => {
    const desk = decisions(streams);
    desk.when(recordContact.with(contact({ email: 'ada' })));
    expect(types(desk.when(registerCustomer.with(contact({ email: 'ada', phone: '1' }))))).toEqual(['customer.changed']);
  });
});

describe('whatever contacts come in whatever order', () => {
  const few = fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined });
  const anyContact = fc
    .record({
      email: few,
      phone: few,
      channelCustomer: few,
      from: fc.constantFrom('order' as const, 'customer-record' as const),
      order: few,
    })
    .map(({ email, phone, channelCustomer, from, order }) =>
      contact({
        ...(email ? { email } : {}),
        ...(phone ? { phone } : {}),
        ...(channelCustomer ? { channelCustomer } : {}),
        from,
        orderId: order ?? null,
      }),
    );
  const history = fc.array(anyContact, { maxLength: 12 });
  const all = ['e', 'p', 'sample'].flatMap((kind) => ['1', '2', '3'].map((n) => (kind === 'sample' ? `sample:${n}` : `${kind}-${n}`)));

  it('each identity belongs to exactly the customer that lists it', () => {
    fc.assert(
      fc.property(history, (contacts) => {
        const desk = decisions(streams);
        const ids = new Set(contacts.flatMap((one) => desk.when(recordContact.with(one)).decided.map(({ id }) => id)));
        for (const one of all) {
          const listing = [...ids].filter((id) => {
            const state = desk.state(customer, id);
            return state.status === 'active' && Object.values(state.identities).flat().includes(one);
          });
          const holder = holderOf(desk.state(identity, one));
          expect(listing).toEqual(holder === undefined ? [] : [holder]);
        }
      }),
    );
  });

  it('the strongest identity of a contact leads to the customer that its order was tagged for', () => {
    fc.assert(
      fc.property(history, (contacts) => {
        const desk = decisions(streams);
        for (const [index, one] of contacts.entries()) {
          const strongest = one.identities[0];
          const { decided } = desk.when(recordContact.with({ ...one, from: 'order', orderId: `o${String(index)}` }));
          for (const { id, event } of decided) {
            if (event.type !== 'customer.merged') expect(strongest && holderOf(desk.state(identity, strongest.id))).toBe(id);
          }
        }
      }),
    );
  });

  it('seeing the same again changes nothing', () => {
    fc.assert(
      fc.property(history, (contacts) => {
        const desk = decisions(streams);
        for (const one of contacts) {
          desk.when(recordContact.with(one));
          expect(desk.when(recordContact.with(one)).events).toEqual([]);
        }
      }),
    );
  });

  it('identities come out the same when the events of different customers are folded in another order', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (contacts, choices) => {
        const desk = decisions(streams);
        const happened = contacts.flatMap((one) => desk.when(recordContact.with(one)).decided);
        const queues = [...new Set(happened.map(({ id }) => id))].map((id) => happened.filter((decided) => decided.id === id));
        const again = decisions(streams);
        for (const choice of choices) {
          const waiting = queues.filter(({ length }) => length > 0);
          const next = waiting[choice % Math.max(waiting.length, 1)]?.shift();
          if (!next) break;
          again.given([next]);
        }
        for (const id of all) expect(again.state(identity, id)).toEqual(desk.state(identity, id));
      }),
    );
  });

  it('no event is unknown to the folds', () => {
    const desk = decisions(streams);
    const { events } = desk.when(recordContact.with(contact({ email: 'ada', orderId: 'o1' })));
    const tagged = events.at(-1) as CustomerEvent;
    expect(() => customer.evolve(customer.initial(''), tagged, 'cus_x')).toThrow('who is unknown');
  });
});
