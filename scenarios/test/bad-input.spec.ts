import { randomUUID } from 'node:crypto';
import { request } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shopifyWebhook, sign } from '@instep/testkit';

import { startCompany } from '../src/company.ts';
import type { Company } from '../src/company.ts';
import { rawWebhookOf } from '../src/raw-webhook.ts';
import { rebuildOf } from '../src/rebuild.ts';
import { newOrder, orderIdOf, stockUp } from '../src/sample.ts';

describe('bad input', () => {
  let company: Company;
  beforeAll(async () => {
    company = await startCompany();
    await stockUp(company, 'A', '1000');
  }, 120_000);
  afterAll(async () => {
    await (company as Company | undefined)?.stop();
  }, 60_000);

  const rawRecords = async (): Promise<number> => (await company.log.bounds('raw.shopify')).reduce((sum, { next }) => sum + next, 0);
  const statusOf = async (orderId: string): Promise<string> =>
    (await company.get<{ status: string }>('order-intake', `/orders/${encodeURIComponent(orderId)}`)).body.status;

  it('stores nothing whose signature is not right', async () => {
    const body = newOrder({ lines: [{ sku: 'A', price: '1.00' }] }).body();
    const before = await rawRecords();
    expect(await company.webhook('orders/create', body, { secret: 'another shop' })).toBe(401);
    expect(await company.webhook('orders/create', body, { headers: { 'x-shopify-hmac-sha256': '' } })).toBe(401);
    expect(
      await company.webhook('orders/create', body.replace('"A"', '"B"'), {
        headers: { 'x-shopify-hmac-sha256': sign(body, 'sample-secret') },
      }),
    ).toBe(401);
    expect(await company.webhook('orders/create', body, { connection: 'nobody' })).toBe(401);
    expect(await rawRecords()).toBe(before);
  });

  it('refuses what is too large, and keeps what is signed but broken with its key parked', async () => {
    expect(await statusOfLargeBody(company, `{"note":"${'x'.repeat(12_000_000)}"}`)).toBe(413);
    expect(await company.webhook('orders/create', '{"id": 77, "half')).toBe(200);
    expect(await company.webhook('orders/create', '['.repeat(1_000_000))).toBe(200);
    await company.settled();
    const { body } = await company.get<{ items: { first: { code: string; reason: string } }[] }>('connectors', '/parked');
    expect(body.items).toHaveLength(2);
    for (const { first } of body.items) expect(first.code).toMatch(/^[a-z]+\//);
  });

  it('answers 400 and 409 on the API, with a problem document', async () => {
    const order = { lines: [{ item: 'A', title: 'A', quantity: '1', unitPrice: '5.00' }], currency: 'USD' };
    expect(await company.post('order-intake', '/orders', order, null)).toMatchObject({
      status: 400,
      body: { code: 'request/idempotency-key-missing' },
    });
    expect((await company.post('order-intake', '/orders', '{"lines":', 'k-broken')).status).toBe(400);
    expect((await company.post('order-intake', '/orders', `{"lines":${'['.repeat(200_000)}`, 'k-deep')).status).toBe(400);
    await company.post('inventory', '/items', { item: 'Z', title: 'Z' });
    const receive = (quantity: string) =>
      company.post('inventory', '/receipts', { item: 'Z', quantity, unitCost: '1.00', currency: 'USD' }, 'k-receipt');
    const [first, again, other] = [await receive('5'), await receive('5'), await receive('6')];
    expect([first.status, again.status, other.status]).toEqual([201, 201, 409]);
    const { body: stock } = await company.get<{ items: { onHand: string }[] }>('inventory', '/stock?item=Z');
    expect(stock.items).toMatchObject([{ onHand: '5' }]);
    const invalid = await company.post('inventory', '/receipts', { item: 'Z', quantity: -1 }, 'k-invalid');
    expect(invalid).toMatchObject({ status: 400 });
    expect(JSON.stringify(invalid.body)).toContain('quantity');
  });

  it('keeps odd orders, holds those that a clerk must look at, and lets the others go on', async () => {
    const noProduct = newOrder({ lines: [{ sku: null, variantId: null, productId: null, title: 'Something', price: '9.00' }] });
    const negative = newOrder({ lines: [{ sku: 'A', price: '-3.00' }] });
    const unknownCurrency = newOrder({ lines: [{ sku: 'A', price: '3.00' }], currency: 'QQQ' });
    const nothingLeft = newOrder({
      lines: [
        { sku: 'A', price: '3.00', quantity: 1 },
        { sku: 'A', price: '1.00', quantity: 0 },
      ],
    });
    const huge = newOrder({ lines: [{ sku: 'H', price: '1.00' }] });
    const ordinary = newOrder({ lines: [{ sku: 'A', price: '3.00' }] });
    for (const order of [noProduct, negative, unknownCurrency, nothingLeft, ordinary])
      expect(await company.webhook('orders/create', order.body())).toBe(200);
    expect(await company.webhook('orders/create', withLines(huge.body(), 10_000))).toBe(200);
    await company.settled();
    expect(await statusOf(orderIdOf(noProduct))).toBe('held');
    expect(await statusOf(orderIdOf(negative))).toBe('held');
    expect(await statusOf(orderIdOf(unknownCurrency))).toBe('held');
    expect(await statusOf(orderIdOf(nothingLeft))).toBe('confirmed');
    expect(await statusOf(orderIdOf(huge))).toBe('backordered');
    expect(await statusOf(orderIdOf(ordinary))).toBe('confirmed');
    const { body: held } = await company.get('order-intake', `/orders/${encodeURIComponent(orderIdOf(noProduct))}`);
    expect(JSON.stringify(held)).toMatch(/no item|without an item|item/i);

    const [line] = noProduct.state.lines;
    const released = await company.post('order-intake', `/orders/${encodeURIComponent(orderIdOf(noProduct))}/release`, {
      assignments: [{ lineId: String(line?.id), item: 'A' }],
    });
    expect(released.status).toBe(200);
    await company.settled();
    expect(await statusOf(orderIdOf(noProduct))).toBe('confirmed');
  }, 120_000);

  it('takes one webhook once, however often it comes', async () => {
    const order = newOrder({ lines: [{ sku: 'A', price: '2.00' }] }).paid('2026-03-01T10:05:00Z');
    const webhookId = randomUUID();
    for (let n = 0; n < 10; n += 1) expect(await company.webhook('orders/create', order.body(), { webhookId })).toBe(200);
    await company.settled();
    const { body: journals } = await company.get<{ items: unknown[] }>(
      'finance',
      `/journals?orderId=${encodeURIComponent(orderIdOf(order))}`,
    );
    expect(journals.items).toHaveLength(1);
  });

  it('parks a key whose record nobody can read, and resumes it in order once it is mended', async () => {
    const order = newOrder({ lines: [{ sku: 'A', price: '2.00' }] });
    const { key, target, event } = rawWebhookOf(order);
    const unreadable = Buffer.from(JSON.stringify({ ...event, dataschema: 'webhook.received/99' }));
    await company.log.append(target, [{ key, type: 'webhook.received', sequence: undefined, value: unreadable }]);
    expect(await company.webhook('orders/paid', order.paid('2026-03-01T11:00:00Z').body())).toBe(200);
    await company.settled();
    const { body: parked } = await company.get<{ items: { topic: string; key: string; records: number; first: { code: string } }[] }>(
      'connectors',
      '/parked',
    );
    const [own] = parked.items.filter((item) => item.key === key);
    expect(own).toMatchObject({ topic: 'raw.shopify', first: { code: 'contract/unknown-version' }, records: 2 });
    expect((await company.get('order-intake', `/orders/${encodeURIComponent(orderIdOf(order))}`)).status).toBe(404);

    expect((await rebuildOf(company, 'connectors')).output).toContain('equal, row for row');

    await company.query('connectors', 'UPDATE parked_event SET value = $2 WHERE key = $1 AND code <> $3', [
      key,
      Buffer.from(JSON.stringify(event)),
      'follows',
    ]);
    const redriven = await company.post<{ applied: number; left: number }>('connectors', '/parked/redrive', { topic: 'raw.shopify', key });
    expect(redriven.body).toMatchObject({ applied: 2, left: 0 });
    await company.settled();
    const { body: history } = await company.get<{ items: { type: string }[] }>(
      'order-intake',
      `/orders/${encodeURIComponent(orderIdOf(order))}/history`,
    );
    expect(history.items.map(({ type }) => type).filter((type) => type !== 'order.confirmed')).toEqual(['order.placed', 'order.paid']);
    expect((await rebuildOf(company, 'connectors')).output).toContain('equal, row for row');
    const refused = await rebuildOf(company, 'connectors', {}, ['--switch']);
    expect(refused.code).toBe(69);
    expect(refused.output).toContain('connectors is running and writes to this database: stop it, then switch. Nothing was changed.');
  }, 180_000);
});

/** The same order with so many lines, each with only what a line must have: 10,000 of them fit into the limit of a webhook. */
function withLines(body: string, count: number): string {
  const order = JSON.parse(body) as { id: number; line_items: unknown[] };
  const line = (n: number): object => ({
    id: order.id * 100 + n,
    sku: `H${String(n % 50)}`,
    title: 'Nail',
    price: '1.00',
    quantity: 1,
    current_quantity: 1,
    requires_shipping: true,
    gift_card: false,
    tax_lines: [],
    discount_allocations: [],
  });
  return JSON.stringify({ ...order, line_items: Array.from({ length: count }, (_, n) => line(n)) });
}

/** Announces a body of this size and waits for the answer before sending any of it: the edge need not read what it will not take. */
function statusOfLargeBody(company: Company, body: string): Promise<number> {
  const url = new URL('/webhooks/shopify/sample', company.system.service('connectors').url);
  const { headers } = shopifyWebhook({ topic: 'orders/create', body, secret: 'sample-secret' });
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    sending.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      sending.destroy();
    });
    // After the answer this rejects a promise that is settled already.
    sending.on('error', reject);
    sending.flushHeaders();
  });
}
