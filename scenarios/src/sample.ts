import { shopifyOrder } from '@instep/testkit';
import type { SampleOrder, SampleOrderSettings } from '@instep/testkit';

import type { Company } from './company.ts';

let lastNumber = 1_000;

/** An order of its own for each call: ids and numbers never repeat in a run. */
export function newOrder(settings: Partial<SampleOrderSettings> & Pick<SampleOrderSettings, 'lines'>): SampleOrder {
  lastNumber += 1;
  return shopifyOrder({
    id: 5_000_000_000_000 + lastNumber,
    number: lastNumber,
    placedAt: '2026-03-01T10:00:00Z',
    currency: 'USD',
    shipping: '5.00',
    customer: { id: 7_000_000 + lastNumber, email: `buyer-${String(lastNumber)}@example.com`, firstName: 'Bea', lastName: 'Buyer' },
    ...settings,
  });
}

export const orderIdOf = (order: SampleOrder): string => `sample:${String(order.state.settings.id)}`;
export const emailOf = (order: SampleOrder): string => order.state.settings.customer?.email ?? '';

/** Registers an item and receives stock at a location. */
export async function stockUp(
  company: Company,
  item: string,
  quantity: string,
  options: { unitCost?: string; location?: string } = {},
): Promise<void> {
  await expectStatus(company.post('inventory', '/items', { item, title: item }), [200, 201, 409]);
  const receipt = { item, location: options.location ?? '655441491', quantity, unitCost: options.unitCost ?? '4.00', currency: 'USD' };
  await expectStatus(company.post('inventory', '/receipts', receipt), [200, 201]);
}

async function expectStatus(
  answer: Promise<{ readonly status: number; readonly body: unknown }>,
  wanted: readonly number[],
): Promise<void> {
  const { status, body } = await answer;
  if (!wanted.includes(status)) throw new Error(`answered ${String(status)}: ${JSON.stringify(body)}`);
}
