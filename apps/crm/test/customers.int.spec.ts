import { contactOf } from '@instep/contracts';
import type { Contact, EventData } from '@instep/contracts';
import { incoming, noCharge } from '@instep/testkit/department';
import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/crm.module.ts';
import { orderPlaced } from './order-events.ts';

interface Profile {
  readonly customerId: string;
  readonly personal: { readonly name: string | null };
  readonly tags: readonly { readonly tag: string; readonly orderId: string | null }[];
  readonly channelCustomers: readonly string[];
  readonly spend: readonly object[];
  readonly orders: readonly { readonly orderId: string }[];
}
interface List<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}
interface Problem {
  readonly code: string;
}

let crm: ServiceOnPostgres;

beforeAll(async () => {
  crm = await serviceOnPostgres(service);
});

afterAll(async () => {
  await crm.close();
});

function contact(person: { email?: string; phone?: string; channelCustomerId?: string }): Contact | null {
  return contactOf('demo', person);
}

/** An order of a person: placed, paid, and partly refunded when `refund` is given. */
function history(
  orderId: string,
  customer: Contact | null,
  { received = '119.90', refund, ...placed }: Partial<EventData<'order.placed'>> & { received?: string; refund?: string } = {},
) {
  const head = orderPlaced({ orderId, channelOrderId: orderId.split(':')[1] ?? null, customer, ...placed });
  return [
    head,
    incoming(
      'order.paid',
      { orderId, amount: received, received, currency: head.data.currencies.shop, complete: true },
      { subject: orderId },
    ),
    ...(refund === undefined
      ? []
      : [
          incoming(
            'order.refunded',
            {
              orderId,
              refundId: 'r1',
              at: '2026-01-05T00:00:00Z',
              currency: head.data.currencies.shop,
              lines: [],
              shipping: noCharge,
              adjustment: noCharge,
              money: refund,
            },
            { subject: orderId },
          ),
        ]),
  ];
}

async function profileOf(email: string): Promise<Profile> {
  const { body } = await crm.get<List<Profile>>(`/customers?email=${encodeURIComponent(email)}`);
  expect(body.items).toHaveLength(1);
  return (await crm.get<Profile>(`/customers/${body.items[0]?.customerId ?? ''}`)).body;
}

describe('the tables', () => {
  it('are as the entity schemas say', async () => {
    expect(await crm.drift()).toEqual([]);
  });
});

describe('the view of a customer', () => {
  it('has orders, spend to the cent per currency, refunds, shipping state and tags', async () => {
    const ada = contact({ email: 'Ada@Example.com', phone: '+49 170 1234567', channelCustomerId: '7' });
    const shipped = incoming(
      'order.shipped',
      {
        orderId: 'sample:11',
        shipmentId: 'f1',
        shippedAt: '2026-01-04T00:00:00Z',
        locationId: null,
        lines: [],
        tracking: { company: null, numbers: [], urls: [] },
        complete: false,
      },
      { subject: 'sample:11' },
    );
    await crm.hear(...history('sample:11', ada, { refund: '19.95' }), shipped);
    await crm.hear(...history('sample:12', ada, { received: '0.10', placedAt: '2026-02-01T00:00:00Z' }));
    await crm.hear(
      ...history('sample:13', ada, { received: '5', currencies: { shop: 'JPY', presentment: 'JPY' }, placedAt: '2026-03-01T00:00:00Z' }),
    );
    await crm.hear(...history('sample:14', ada, { test: true, placedAt: '2026-04-01T00:00:00Z' }));

    const profile = await profileOf(' ada@example.com ');
    expect(profile.tags).toEqual([
      { tag: 'first-order', orderId: 'sample:11' },
      { tag: 'repeat', orderId: 'sample:12' },
    ]);
    expect(profile.channelCustomers).toEqual(['sample:7']);
    expect(profile.spend).toEqual([
      { currency: 'EUR', orders: 2, received: '120.00', refunded: '19.95', spend: '100.05' },
      { currency: 'JPY', orders: 1, received: '5', refunded: '0', spend: '5' },
    ]);
    expect(profile.orders.map(({ orderId }) => orderId)).toEqual(['sample:14', 'sample:13', 'sample:12', 'sample:11']);
    expect(profile.orders[3]).toMatchObject({
      number: '#1001',
      total: '119.90',
      received: '119.90',
      refunded: '19.95',
      shipping: 'partial',
      held: false,
      cancelledAt: null,
    });

    const first = (await crm.get<List<{ orderId: string }>>(`/customers/${profile.customerId}/orders?limit=3`)).body;
    const second = (await crm.get<List<{ orderId: string }>>(`/customers/${profile.customerId}/orders?limit=3&after=${first.next ?? ''}`))
      .body;
    expect([first.items.length, second.items.map(({ orderId }) => orderId), second.next]).toEqual([3, ['sample:11'], null]);
  });

  it('holds the orders of both when two records are joined, and answers for both ids', async () => {
    await crm.hear(...history('sample:21', contact({ email: 'bob@example.com' }), { received: '10' }));
    await crm.hear(...history('sample:22', contact({ phone: '030 555 777' }), { received: '20' }));
    const phoneOnly = (await crm.get<List<Profile>>('/customers?phone=030555777')).body.items[0]?.customerId ?? '';
    await crm.hear(...history('sample:23', contact({ email: 'bob@example.com', phone: '030555777' }), { received: '30' }));

    const profile = await profileOf('bob@example.com');
    expect(profile.spend).toEqual([{ currency: 'EUR', orders: 3, received: '60.00', refunded: '0.00', spend: '60.00' }]);
    const old = await crm.get<Profile>(`/customers/${phoneOnly}`);
    expect([phoneOnly === profile.customerId, old.status, old.body]).toEqual([false, 200, profile]);
    expect((await crm.get<List<Profile>>('/customers?phone=030555777')).body.items.map(({ customerId }) => customerId)).toEqual([
      profile.customerId,
    ]);
  });

  it('keeps apart who shares a phone', async () => {
    await crm.hear(...history('sample:31', contact({ email: 'one@example.com', phone: '030 111 222' }), { received: '1' }));
    await crm.hear(...history('sample:32', contact({ email: 'two@example.com', phone: '030 111 222' }), { received: '2' }));
    expect([(await profileOf('one@example.com')).spend, (await profileOf('two@example.com')).spend]).toMatchObject([
      [{ spend: '1.00' }],
      [{ spend: '2.00' }],
    ]);
  });

  it('is none for a guest', async () => {
    await crm.hear(...history('sample:41', null));
    expect((await crm.get<List<Profile>>('/customers?email=guest@example.com')).body).toEqual({ items: [], next: null });
  });

  it('learns from what a channel reports', async () => {
    const eve = contact({ email: 'eve@example.com', channelCustomerId: '99' });
    if (!eve) throw new Error('eve has an e-mail');
    const personal = { name: 'Eve', email: 'eve@example.com', phone: null };
    await crm.hear(
      incoming(
        'channel-customer.reported',
        {
          channel: 'sample',
          channelCustomerId: '99',
          reportedAt: '2026-01-01T00:00:00Z',
          contact: eve,
          tags: ['vip'],
          acceptsMarketing: true,
          personal,
          contentHash: 'h',
        },
        { subject: 'sample:99' },
      ),
    );
    expect(await profileOf('eve@example.com')).toMatchObject({
      personal,
      tags: [{ tag: 'vip', orderId: null }],
      channelCustomers: ['sample:99'],
    });
  });
});

describe('POST /customers', () => {
  it('registers once, and finds who is there', async () => {
    const payload = { name: 'Dan', email: 'dan@example.com', shipping: { city: 'Berlin' } };
    const made = await crm.send<{ customerId: string }>('POST', '/customers', payload, 'dan-1');
    const again = await crm.send<{ customerId: string }>('POST', '/customers', payload, 'dan-1');
    const known = await crm.send<{ customerId: string }>('POST', '/customers', { name: 'Dan', email: 'DAN@example.com ' });
    expect([made.status, again.body, known.body]).toEqual([201, made.body, made.body]);
    expect((await profileOf('dan@example.com')).personal.name).toBe('Dan');
  });

  it('says nothing new about a customer without change', async () => {
    const payload = { name: 'Fay', email: 'fay@example.com' };
    const ids = [
      await crm.send<{ customerId: string }>('POST', '/customers', payload),
      await crm.send<{ customerId: string }>('POST', '/customers', payload),
    ];
    expect(ids[1]?.body.customerId).toBe(ids[0]?.body.customerId);
  });

  it.each([
    [{ name: 'Nobody' }, 422, 'customer/no-contact'],
    [{ name: 'Nobody', email: 'no address' }, 422, 'customer/no-contact'],
    [{ email: 'x@example.com', role: 'admin' }, 400, 'request/invalid-body'],
    [{ email: 7 }, 400, 'request/invalid-body'],
  ])('answers %j with %s %s', async (payload, status, code) => {
    const answer = await crm.send<Problem>('POST', '/customers', payload);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses a key that was used for another customer', async () => {
    await crm.send('POST', '/customers', { email: 'gil@example.com' }, 'gil-1');
    const answer = await crm.send<Problem>('POST', '/customers', { email: 'hal@example.com' }, 'gil-1');
    expect([answer.status, answer.body.code]).toEqual([409, 'request/other-content']);
  });
});

describe('GET /customers', () => {
  it('pages through all', async () => {
    const all = (await crm.get<List<Profile>>('/customers?limit=200')).body.items.map(({ customerId }) => customerId);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: List<Profile> = (await crm.get<List<Profile>>(`/customers?limit=3${next === '' ? '' : `&after=${next}`}`)).body;
      seen.push(...page.items.map(({ customerId }) => customerId));
      next = page.next;
    }
    expect(seen).toEqual(all);
    expect(new Set(seen).size).toBeGreaterThan(5);
  });

  it('does not know a stranger', async () => {
    const { status, body } = await crm.get<Problem>('/customers/cus_nobody');
    expect([status, body.code]).toEqual([404, 'customer/unknown']);
  });
});
