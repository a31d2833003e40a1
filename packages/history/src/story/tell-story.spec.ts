import { beforeEach, describe, expect, it } from '@jest/globals';

import { sample, WrittenLog, type Place } from '../../test/written-log.ts';
import type { StoryNode } from './causal-order.ts';
import { story } from './tell-story.ts';

const id = 'sample:1';

describe('the story of an order', () => {
  let written: WrittenLog;
  beforeEach(() => {
    written = new WrittenLog();
  });
  const types = async (query = {}) => (await story(written.log, { id, ...query })).events.map(({ type }) => type);
  const after = (cause: Place) => written.caused(cause);

  /** A webhook leads to a report, that to an order, that to a reservation, a journal and a customer. Other orders go on beside it. */
  async function life() {
    const webhook = await written.write(sample.webhook('sample:order:1', { id: 1 }));
    const report = await written.write({ ...sample.stockReport(id), event: after(webhook) });
    const placed = await written.write({ ...sample.noted(id), event: after(report) });
    await written.write(sample.confirmed('sample:2'));
    const customer = await written.write({ ...sample.tagged('cus_1'), event: after(placed) });
    const short = await written.write({ ...sample.reserved(id), event: after(placed) });
    await written.write({ ...sample.posted(id), event: after(placed) });
    return { webhook, report, placed, customer, short };
  }

  it('tells what names it, what led there up to the webhook, and what it led to, causes first', async () => {
    await life();
    expect(await types()).toEqual([
      'webhook.received',
      'channel-stock.reported',
      'order.noted',
      'customer.tagged',
      'stock.reserved',
      'journal.posted',
    ]);
  });

  it('forms a tree of causes and effects', async () => {
    await life();
    const shape = ({ event, effects }: StoryNode): unknown => (effects.length === 0 ? event.type : { [event.type]: effects.map(shape) });
    expect((await story(written.log, { id })).roots.map(shape)).toEqual([
      { 'webhook.received': [{ 'channel-stock.reported': [{ 'order.noted': ['customer.tagged', 'stock.reserved', 'journal.posted'] }] }] },
    ]);
  });

  it('says where each lies, who recorded it and how long after its cause', async () => {
    const { placed, short } = await life();
    const { events: told } = await story(written.log, { id });
    expect(told.find(({ type }) => type === 'stock.reserved')).toMatchObject({
      topic: 'inventory',
      partition: short.partition,
      offset: short.offset,
      lagMs: Date.parse(short.event.recordedtime) - Date.parse(placed.event.recordedtime),
      who: 'user/clerk',
      summary: '1 line, complete',
      causationId: placed.event.id,
    });
    expect(told[0]?.lagMs).toBeUndefined();
  });

  it('takes from another transaction only what led here', async () => {
    await life();
    const received = await written.write(sample.received('MUG'));
    const mine = await written.write({ ...sample.reserved(id), event: after(received) });
    await written.write({ ...sample.reserved('sample:2'), event: after(received) });
    await written.write({ ...sample.confirmed(id), event: after(mine) });
    await written.write({ ...sample.confirmed('sample:2'), event: after(received) });
    const { events: told } = await story(written.log, { id });
    expect(told.map(({ type }) => type)).toContain('stock.received');
    expect(told.filter(({ subject }) => subject === 'sample:2')).toEqual([]);
    expect(told.filter(({ type }) => type === 'order.confirmed')).toHaveLength(1);
  });

  it('tells webhooks of the same object that led to nothing', async () => {
    await life();
    await written.write(sample.webhook('sample:order:1', { id: 1, again: true }));
    expect((await types()).filter((type) => type === 'webhook.received')).toHaveLength(2);
  });

  it('tells the copies of parked records, and records that cannot be read', async () => {
    const { placed } = await life();
    const place = `orders/${String(placed.partition)}/${String(placed.offset)}`;
    const data = { topic: 'orders', partition: placed.partition, offset: placed.offset, key: `demo/${id}`, type: null, code: 'defect' };
    const event = { causationid: place, causeposition: place, correlationid: place };
    await written.write({ type: 'finance.dead-letter', subject: `orders/${id}`, data: { ...data, reason: 'x', value: '' }, event });
    await written.write({ ...sample.confirmed(id), value: Buffer.from('poison') });
    const { events: told } = await story(written.log, { id });
    expect(told.find(({ type }) => type === 'finance.dead-letter')?.summary).toBe(`${place} parked: defect`);
    expect(told.find(({ readable }) => !readable)?.summary).toContain('cannot be read');
  });

  it('tells that a webhook of its object was parked', async () => {
    const { webhook } = await life();
    const place = `raw.shopify/${String(webhook.partition)}/${String(webhook.offset)}`;
    const data = { topic: 'raw.shopify', partition: webhook.partition, offset: webhook.offset, key: 'demo/sample:order:1', type: null };
    const event = { causationid: place, causeposition: place, correlationid: place };
    const story = { ...data, code: 'shopify/unmappable', reason: 'x', value: '' };
    await written.write({ type: 'connectors.dead-letter', subject: 'raw.shopify/sample:order:1', data: story, event });
    expect(await types()).toContain('connectors.dead-letter');
  });

  it('tells an event once that was sent twice', async () => {
    const { placed } = await life();
    await written.write({ ...sample.noted(id), n: 1, event: placed.event });
    expect((await types()).filter((type) => type === 'order.noted')).toHaveLength(1);
  });

  it('begins at one event when that is asked for', async () => {
    const { placed } = await life();
    expect(await types({ id: placed.event.id })).toEqual(await types());
  });

  it('keeps tenants apart, and takes a record key', async () => {
    await life();
    await written.write({ ...sample.confirmed(id), event: { tenant: 'acme', streamversion: 1 } });
    expect(await story(written.log, { id })).toMatchObject({ tenants: ['acme', 'demo'], events: [] });
    expect(await types({ tenant: 'acme' })).toEqual(['order.confirmed']);
    expect(await types({ id: `acme/${id}` })).toEqual(['order.confirmed']);
  });

  it('of an id that nobody names is empty', async () => {
    await life();
    expect(await story(written.log, { id: 'sample:1001' })).toMatchObject({ tenants: [], events: [], roots: [] });
  });

  it('puts a cause before its effect even when clocks say otherwise', async () => {
    const placed = await written.write({ ...sample.noted(id), event: { recordedtime: '2026-03-01T12:00:00.000Z' } });
    await written.write({ ...sample.reserved(id), event: { ...after(placed), recordedtime: '2026-03-01T11:00:00.000Z' } });
    expect(await types()).toEqual(['order.noted', 'stock.reserved']);
  });

  it('stops at the number of events that is asked for, and says so', async () => {
    await life();
    const told = await story(written.log, { id, most: 2 });
    expect(told.cut).toBe(true);
    expect(told.events.length).toBeLessThanOrEqual(2);
  });
});
