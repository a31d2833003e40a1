import { setTimeout as pause } from 'node:timers/promises';

import { type ServiceName } from '@instep/contracts';
import { shopifyOrder, shopifyWebhook } from '@instep/testkit';

export type AddressOf = (service: ServiceName) => string;

const secret = 'sample-secret'; // of the connection that a system has before it has others
const deadlineMs = 60_000;

/** Takes stock in, sends the signed webhooks of one order, and waits until the ledger has it. Gives milliseconds from the first to the last. */
export async function sendOrder(addressOf: AddressOf): Promise<{ readonly journals: number; readonly ms: number }> {
  await post(addressOf('inventory'), '/items', { item: 'A', title: 'A' });
  await post(addressOf('inventory'), '/receipts', { item: 'A', location: '655441491', quantity: '10', unitCost: '4.00', currency: 'USD' });
  const order = shopifyOrder({
    id: 5_000_000_000_001,
    number: 1001,
    placedAt: '2026-03-01T10:00:00Z',
    currency: 'USD',
    shipping: '5.00',
    customer: { id: 7_000_001, email: 'buyer@example.com', firstName: 'Bea', lastName: 'Buyer' },
    lines: [{ sku: 'A', price: '19.99', quantity: 2 }],
  });
  const begun = performance.now();
  const paid = order.paid('2026-03-01T12:00:00Z');
  await webhook(addressOf('connectors'), 'orders/create', order.body());
  await webhook(addressOf('connectors'), 'orders/paid', paid.body());
  await webhook(
    addressOf('connectors'),
    'fulfillments/create',
    paid.shipped('2026-03-02T08:00:00Z', [{ line: 0, quantity: 2 }]).fulfillmentBody(),
  );
  const path = `/journals?orderId=${encodeURIComponent('sample:5000000000001')}`;
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const answer = await fetch(`${addressOf('finance')}${path}`);
    const { items } = (await answer.json()) as { items?: readonly unknown[] };
    if (answer.ok && items && items.length >= 2) return { journals: items.length, ms: performance.now() - begun };
    await pause(100);
  }
  throw new Error(`the ledger had no books of the order after ${deadlineMs / 1_000} s`);
}

async function post(address: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `check/${path}` };
  const answer = await fetch(`${address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}

async function webhook(address: string, topic: string, body: string): Promise<void> {
  const init = shopifyWebhook({ topic, body, secret, webhookId: `check-${topic}` });
  const answer = await fetch(`${address}/webhooks/shopify/sample`, { method: 'POST', ...init });
  if (!answer.ok) throw new Error(`the webhook ${topic} was answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
