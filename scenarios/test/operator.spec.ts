import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HistoryReport, Story } from '@instep/history';
import type { SampleOrder } from '@instep/testkit';

import { balancesOf, unbalanced } from '../src/books.ts';
import { startCompany, type Company } from '../src/company.ts';
import { operate, type Said } from '../src/operator.ts';
import { rawWebhookOf } from '../src/raw-webhook.ts';
import { rebuildOf } from '../src/rebuild.ts';
import { emailOf, newOrder, orderIdOf, stockUp } from '../src/sample.ts';

describe("the operator's tool", () => {
  let company: Company;
  let order: SampleOrder;
  let scratch: string;
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'instep-operator-'));
    company = await startCompany();
    await stockUp(company, 'A', '100');
    order = newOrder({ lines: [{ sku: 'A', price: '2.00' }] }).paid('2026-03-01T10:05:00Z');
    expect(await company.webhook('orders/create', order.body())).toBe(200);
    await company.settled();
  }, 300_000);
  afterAll(async () => {
    await (company as Company | undefined)?.stop();
    rmSync(scratch, { recursive: true, force: true });
  }, 300_000);

  const log = (...args: readonly string[]): Promise<Said> => operate(company, args);
  const json = <Document>({ stdout }: Said): Document => JSON.parse(stdout) as Document;

  it('says which topics there are, and what to change when they are not as they must be', async () => {
    const fine = await log('topics', '--verify', '--table');
    expect(fine).toMatchObject({ code: 0, stdout: expect.stringContaining('All topics are as the contracts want them.') });
    expect(fine.stdout).toMatch(/^orders +order-intake +3 +1 of 1 in step +for ever +delete +1 +8 MiB +\d+$/m);
    const unfit = await log('topics', '--verify', '--replication', '3', '--json');
    expect(unfit.code).toBe(1);
    expect(json<{ changes: string[] }>(unfit).changes).toContain('orders: has 1 copy, not 3; reassign its partitions to more brokers');
  }, 300_000);

  it('shows records, masks personal data unless told otherwise, and filters', async () => {
    const masked = await log('tail', '--from', 'beginning', '--no-follow', '--type', 'order.*', '--json');
    expect(masked.code).toBe(0);
    const lines = masked.stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toContain('order.placed');
    expect(lines.filter((line) => !line.includes('"type":"order.'))).toEqual([]);
    expect(masked.stdout).not.toContain(emailOf(order));
    const shown = await log('tail', '--from', 'beginning', '--no-follow', '--type', 'order.placed', '--json', '--show-personal');
    expect(shown.stdout).toContain(emailOf(order));
    const plain = await log('tail', '--last', '3', '--no-follow', '--topic', 'finance', '--plain');
    expect(plain.stdout.split('\n')[0]).toBe('recorded\tplace\ttype\tkey\twhat');
    expect((await log('tail', '--topic', 'nothing')).code).toBe(2);
  }, 300_000);

  it('follows what comes', async () => {
    const following = log('tail', '--type', 'order.placed', '--limit', '1', '--json');
    const placed: string[] = [];
    let said: Said | undefined;
    while (!said) {
      const next = newOrder({ lines: [{ sku: 'A', price: '2.00' }] });
      expect(await company.webhook('orders/create', next.body())).toBe(200);
      placed.push(orderIdOf(next));
      said = await Promise.race([following, company.settled().then(() => undefined)]);
    }
    const { code, stdout } = said;
    expect(code).toBe(0);
    expect(placed).toContain((JSON.parse(stdout) as { event: { subject: string } }).event.subject);
  }, 300_000);

  it('tells the story of an order from the webhook to the ledger, causes first, without personal data', async () => {
    const told = await log('story', orderIdOf(order), '--json');
    expect(told.code).toBe(0);
    const { events } = json<Story>(told);
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('webhook.received');
    for (const [cause, effect] of [
      ['webhook.received', 'channel-order.reported'],
      ['channel-order.reported', 'order.placed'],
      ['order.placed', 'stock.reserved'],
      ['order.placed', 'customer.registered'],
      ['order.paid', 'journal.posted'],
      ['stock.reserved', 'order.confirmed'],
    ] as const)
      expect([cause, effect, types.indexOf(effect) > types.indexOf(cause) && types.includes(cause)]).toEqual([cause, effect, true]);
    expect(told.stdout).not.toContain(emailOf(order));
    expect((await log('story', orderIdOf(order), '--tree', '--table')).stdout).toContain('└ ');
    const unknown = await log('story', 'sample:1');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('No event names "sample:1"') });
  }, 300_000);

  it('verifies the log against the databases of its owners, and says when there is nothing to verify', async () => {
    await company.settled();
    const verified = await log('verify', '--json');
    expect(verified).toMatchObject({ code: 0, stderr: expect.stringContaining('all as it must be') });
    const { partitions, findings } = json<HistoryReport>(verified);
    expect(findings).toEqual([]);
    const numbered = partitions.filter(({ lastNumber }) => lastNumber !== undefined);
    expect(numbered.length).toBeGreaterThan(5);
    for (const { distinct, lastNumber, counter } of numbered) expect([distinct, counter]).toEqual([lastNumber, lastNumber]);
    const empty = await log('verify', '--topic', 'payroll');
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('There is nothing to verify: payroll holds no record.') });
  }, 300_000);

  it('says how far behind each service is, from its database when it does not answer', async () => {
    const seen = await log('lag', '--json', '--max-seconds', '60');
    expect(seen.code).toBe(0);
    expect(json<{ service: string; from: string }[]>(seen).map(({ from }) => from)).toEqual(Array(6).fill('service'));
    const gone = await log('lag', '--service', 'finance', '--service-url', 'finance=http://127.0.0.1:1', '--json');
    expect(json<{ from: string; partitions: unknown[] }[]>(gone)).toMatchObject([{ from: 'database', partitions: expect.any(Array) }]);
    expect(json<{ partitions: unknown[] }[]>(gone)[0]?.partitions).not.toEqual([]);
  }, 300_000);

  it('shows what is parked and why, and redrives it in order once it is mended', async () => {
    const poor = newOrder({ lines: [{ sku: 'A', price: '2.00' }] });
    const { key, target, event } = rawWebhookOf(poor);
    const value = Buffer.from(JSON.stringify({ ...event, data: { body: 'nothing else' } }));
    await company.log.append(target, [{ key, type: 'webhook.received', sequence: undefined, value }]);
    expect(await company.webhook('orders/paid', poor.paid('2026-03-01T11:00:00Z').body())).toBe(200);
    await company.settled();

    const listed = await log('parked', '--json');
    expect(json<{ keys: object[] }>(listed).keys).toMatchObject([{ service: 'connectors', topic: 'raw.shopify', key, records: 2 }]);
    const grouped = await log('parked', '--group', '--table');
    expect(grouped.stdout).toMatch(/connectors +contract\/invalid-data +1 +2/);
    const shown = await log('parked', 'show', 'connectors', 'raw.shopify', key, '--json');
    expect(json<{ records: { code: string }[] }>(shown).records.map(({ code }) => code)).toEqual(['contract/invalid-data', 'follows']);

    const redrive = (...args: string[]): Promise<Said> => log('parked', 'redrive', 'connectors', 'raw.shopify', key, ...args);
    expect(await redrive('--dry-run')).toMatchObject({ code: 1, stdout: expect.stringContaining('would fail again') });
    expect(await redrive()).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was changed') });
    expect(await redrive('--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('1 of 1 key still stand still') });
    await company.query('connectors', 'UPDATE parked_event SET value = $2 WHERE key = $1 AND code <> $3', [
      key,
      Buffer.from(JSON.stringify(event)),
      'follows',
    ]);
    expect(await redrive('--dry-run')).toMatchObject({ code: 0, stdout: expect.stringContaining('would be applied') });
    expect(json<{ keys: object[] }>(await log('parked', '--json')).keys).toHaveLength(1);
    const done = await redrive('--yes', '--json');
    expect(done.code).toBe(0);
    expect(json<object[]>(done)).toMatchObject([{ applied: 2, left: 0 }]);
    await company.settled();
    const { events } = json<Story>(await log('story', orderIdOf(poor), '--json'));
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['connectors.dead-letter', 'order.placed', 'order.paid']));
    expect(await redrive('--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('has nothing parked of the key') });
    const found = await log('verify', '--topic', 'raw.shopify', '--json');
    expect(found.code).toBe(1);
    expect(json<HistoryReport>(found).found).toEqual({ undecodable: 1 });
  }, 300_000);

  it('puts a whole event in the place of one that came in broken: rehearsed first, then all that waited behind it, in order', async () => {
    const created = newOrder({ lines: [{ sku: 'A', price: '2.00' }] });
    const paid = created.paid('2026-03-01T11:00:00Z');
    const { key, target, event } = rawWebhookOf(created);
    const id = orderIdOf(created);
    const cut = Buffer.from(JSON.stringify(event).slice(0, 200));
    await company.log.append(target, [{ key, type: 'webhook.received', sequence: undefined, value: cut }]);
    expect(await company.webhook('orders/paid', paid.body())).toBe(200);
    expect(await company.webhook('fulfillments/create', paid.shipped('2026-03-02T08:00:00Z').fulfillmentBody())).toBe(200);
    await company.settled();
    const waiting = await log('parked', 'show', 'connectors', 'raw.shopify', key, '--json');
    expect(json<{ records: { code: string }[] }>(waiting).records.map(({ code }) => code)).toEqual([
      'contract/not-an-event',
      'follows',
      'follows',
    ]);

    const fix = (mended: string, ...args: string[]): Promise<Said> => {
      const file = join(scratch, 'event.json');
      writeFileSync(file, mended);
      return log('parked', 'fix', 'connectors', 'raw.shopify', key, '--with', file, '--note', 'Bea: half of it was lost', ...args);
    };
    const whole = JSON.stringify(event, undefined, 2);
    expect(await fix(whole.slice(0, 300), '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('is not JSON') });
    const ofAnother = JSON.stringify({ ...event, subject: 'sample:order:1' });
    expect(await fix(ofAnother, '--dry-run')).toMatchObject({ code: 1, stdout: expect.stringContaining('would fail again') });
    expect(await fix(whole)).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was changed') });
    expect(await fix(whole, '--dry-run')).toMatchObject({ code: 0, stdout: expect.stringContaining('would be applied') });
    expect(json<{ keys: object[] }>(await log('parked', '--json')).keys).toMatchObject([{ key, records: 3 }]);

    expect(json<object[]>(await fix(whole, '--yes', '--json'))).toMatchObject([{ applied: 3, left: 0 }]);
    await company.settled();
    expect(json<{ keys: object[] }>(await log('parked', '--json')).keys).toEqual([]);
    const { body: history } = await company.get<{ items: { type: string }[] }>('order-intake', `/orders/${encodeURIComponent(id)}/history`);
    const types = history.items.map(({ type }) => type).filter((type) => type !== 'order.confirmed');
    expect(types).toEqual(['order.placed', 'order.paid', 'order.shipped', 'order.completed']);
    const told = await log('tail', '--from', 'beginning', '--no-follow', '--type', 'connectors.redriven', '--json');
    expect(told.stdout).toContain('Bea: half of it was lost');
    expect(await unbalanced(company)).toEqual([]);
    expect(await balancesOf(company, id)).toMatchObject({ '1000': '8.33' });
    expect((await rebuildOf(company, 'connectors')).output).toContain('equal, row for row');
  }, 300_000);

  it('hands a rebuild over to the service, and refuses a switch while the service runs', async () => {
    const equal = await log('rebuild', 'hr');
    expect({ code: equal.code, output: equal.code === 0 ? '' : equal.stdout + equal.stderr }).toEqual({ code: 0, output: '' });
    expect((await log('rebuild', 'hr', '--switch')).code).toBe(1);
    expect((await log('rebuild', 'nobody')).code).toBe(2);
  }, 300_000);

  it('says in one sentence what it was not told, does not understand or cannot reach', async () => {
    const lost = await operate(company, ['topics'], { KAFKA_BROKERS: '127.0.0.1:1' });
    expect(lost.code).toBe(3);
    expect(await operate(company, ['topics'], { KAFKA_BROKERS: '' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KAFKA_BROKERS'),
    });
    expect(await log('verify', '--from', 'yesterday')).toMatchObject({ code: 2, stderr: expect.stringContaining('--from yesterday') });
    expect(await log('parked', 'redrive', 'finanace')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no service') });
    expect((await log('dance')).code).toBe(2);
    expect(await log('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Ends with') });
  }, 300_000);
});
