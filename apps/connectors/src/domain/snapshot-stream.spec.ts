import { decisions } from '@instep/testkit';
import { describe, expect, it } from '@jest/globals';

import { fixture } from '../../test/fixtures.ts';
import { mapped } from '../../test/mapping.ts';
import { channelCustomer } from './channel-customer/channel-customer.ts';
import { reportCustomer } from './channel-customer/report-customer.ts';
import { channelProduct } from './channel-product/channel-product.ts';
import { reportProduct } from './channel-product/report-product.ts';
import { channelStock } from './channel-stock/channel-stock.ts';
import { reportStock } from './channel-stock/report-stock.ts';

function command(topic: string, body: object) {
  const report = mapped(topic, body);
  if (report.type === 'channel-customer.reported') return reportCustomer.with(report.data);
  if (report.type === 'channel-product.reported') return reportProduct.with(report.data);
  if (report.type === 'channel-stock.reported') return reportStock.with(report.data);
  throw new Error(report.type);
}

describe('reporting a customer, product or stock level', () => {
  it.each([
    ['customers/create', 'customer', 'sample:207119551', { first_name: 'Robert' }],
    ['products/update', 'product', 'sample:632910392', { title: 'Another' }],
    ['inventory_levels/update', 'inventory_level', 'sample:808950810@655441491', { available: 41 }],
  ])('%s records what changed, or that it still holds, and nothing else', (topic, name, id, change) => {
    const all = decisions([channelCustomer, channelProduct, channelStock]);
    const body = fixture(`rest-2026-07-extracted/${name}.single`, name);
    expect(all.when(command(topic, body)).decided).toMatchObject([{ id }]);
    expect(all.when(command(topic, body)).events).toHaveLength(0);
    expect(all.when(command(topic, { ...body, updated_at: '2001-01-01T00:00:00Z' })).events).toHaveLength(0);
    expect(all.when(command(topic, { ...body, updated_at: '2027-01-01T00:00:00Z' })).events).toHaveLength(1);
    expect(all.when(command(topic, { ...body, updated_at: '2027-01-01T00:00:00Z' })).events).toHaveLength(0);
    expect(all.when(command(topic, { ...body, ...change })).events).toHaveLength(1);
  });
});
