import { contactOf } from '@instep/contracts';
import { departmentInMemory, incoming } from '@instep/testkit/department';
import type { DepartmentInMemory } from '@instep/testkit/department';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { compose } from '../src/compose.ts';
import { identitiesOf } from '../src/application/contact-of.ts';
import { registerCustomer } from '../src/domain/customer/record-contact.ts';
import { orderPlaced } from './order-events.ts';

/** People who share e-mails, phones and ids at channels in every way, so that customers are found, joined and kept apart. */
function people(): readonly { email?: string; phone?: string; channelCustomerId?: string }[] {
  const shares = [...Array.from({ length: 27 }).keys()];
  return shares.map((n) => ({
    ...(n % 3 > 0 && { email: `person-${String(n % 4)}@example.com` }),
    ...(n % 2 > 0 && { phone: `03012345${String(n % 5)}` }),
    ...(n % 5 > 1 && { channelCustomerId: String(n % 6) }),
  }));
}

let crm: DepartmentInMemory;

beforeEach(async () => {
  crm = await departmentInMemory(compose());
});

afterEach(() => crm.stop());

describe('a database of crm built from the log alone', () => {
  it('is the live one, row for row and stream for stream', async () => {
    for (const [n, person] of people().entries()) {
      const orderId = `sample:${String(n)}`;
      const customer = contactOf('demo', person);
      await crm.tell(orderPlaced({ orderId, channelOrderId: String(n), customer }));
      await crm.tell(
        incoming('order.paid', { orderId, amount: '9.99', received: '9.99', currency: 'EUR', complete: false }, { subject: orderId }),
      );
      if (customer && person.channelCustomerId !== undefined) {
        const channelCustomerId = person.channelCustomerId;
        const reported = {
          channel: 'sample',
          channelCustomerId,
          reportedAt: '2026-01-02T00:00:00Z',
          contact: customer,
          tags: [`t${String(n % 3)}`],
          acceptsMarketing: null,
          personal: null,
          contentHash: `h${String(n)}`,
        };
        await crm.tell(incoming('channel-customer.reported', reported, { subject: `sample:${channelCustomerId}` }));
      }
    }
    const byHand = contactOf('demo', { email: 'hand@example.com' });
    const contact = {
      from: 'customer-record',
      source: 'direct',
      seenAt: '2026-01-01T00:00:00Z',
      personal: null,
      orderId: null,
      tags: [],
    } as const;
    const outcome = await crm.execute(registerCustomer.with({ ...identitiesOf('demo', 'direct', byHand), ...contact }), 'by-hand');
    expect(outcome.kind).toBe('done');

    await crm.sameWhenRebuilt();
    expect(crm.rows('customer_order')).toHaveLength(27);
    expect(crm.rows('customer').length).toBeGreaterThan(3);
  });
});
