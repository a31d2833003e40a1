import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { serviceNames } from '@instep/contracts';
import { kafkaTool } from '@instep/embedded-kafka';
import { describe, expect, it } from '@jest/globals';
import { toolchainDir } from '@instep/platform';
import type { SampleOrder } from '@instep/testkit';

import { unbalanced } from '../src/books.ts';
import { companyOnSite } from '../src/company-on-site.ts';
import { lake, operate, type Said } from '../src/operator.ts';
import { rebuildOf } from '../src/rebuild.ts';
import { newOrder, orderIdOf } from '../src/sample.ts';

/** The procedures of docs/guides/operate.md, as it gives them. */
describe('a company that has lost its disks', () => {
  const sold: string[] = [];
  const place = companyOnSite();

  const log = (...args: string[]): Promise<Said> => operate(place.company, args);
  const inLake = (...args: string[]): Promise<Said> => lake(place.company, join(place.folder, 'lake'), args);
  const fine = async (what: Promise<Said>): Promise<string> => {
    const said = await what;
    expect({ ...said, stdout: said.code === 0 ? '' : said.stdout }).toMatchObject({ code: 0, stdout: '' });
    return said.stdout;
  };

  const send = async (order: SampleOrder): Promise<void> => {
    expect(await place.company.webhook('orders/create', order.body())).toBe(200);
  };
  const sell = async (count: number): Promise<readonly SampleOrder[]> => {
    const orders = Array.from({ length: count }, () => newOrder({ lines: [{ sku: 'A', price: '2.00' }] }).paid('2026-03-01T10:05:00Z'));
    for (const order of orders) await send(order);
    await place.company.settled();
    sold.push(...orders.map(orderIdOf));
    return orders;
  };
  const stopServices = async (): Promise<void> => {
    await Promise.all(place.company.system.services.map((service) => service.stop()));
  };
  const startServices = async (): Promise<void> => {
    await Promise.all(serviceNames.map(async (name) => (await place.company.system.restart(name)).ready()));
  };
  const emptyDatabases = async (): Promise<void> => {
    for (const name of serviceNames) await place.site.platform.createDatabase(name.replaceAll('-', '_'));
  };
  /** Every order once in the books and in the reservations, and the log as it must be. */
  const expectWhole = async (): Promise<void> => {
    await place.company.settled();
    const booked = await place.company.query<{ id: string }>(
      'finance',
      `SELECT order_id AS id FROM journal_line WHERE kind = 'payment' AND account = '1000' ORDER BY order_id COLLATE "C"`,
    );
    expect(booked.map(({ id }) => id)).toEqual(sold.toSorted());
    const reserved = await place.company.query<{ id: string }>('inventory', `SELECT id FROM stream WHERE stream = 'reservation'`);
    expect(reserved.map(({ id }) => id).toSorted()).toEqual(sold.toSorted());
    expect(await unbalanced(place.company)).toEqual([]);
    await fine(log('verify'));
  };

  it('goes on after the disks of the brokers are lost: the log comes back from the lake, every record at its offset', async () => {
    await sell(10);
    await stopServices();
    await fine(inLake('export'));
    await place.site.loseBroker();
    await fine(log('topics', '--create'));
    expect(await fine(inLake('restore', '--all'))).toMatch(/^orders: \d+ records, each at its offset, read back and the same$/m);
    await fine(inLake('verify'));
    await fine(log('verify'));
    await startServices();
    await sell(3);
    await expectWhole();
    expect((await rebuildOf(place.company, 'finance')).output).toContain('equal, row for row');
  }, 180_000);

  it('goes on after one topic was deleted', async () => {
    await stopServices();
    await fine(inLake('export'));
    await kafkaTool('kafka-topics', ['--delete', '--topic', 'orders'], {
      jarsDir: join(toolchainDir, 'kafka'),
      brokers: place.site.platform.brokers,
    });
    expect(await inLake('restore', '--topics', 'orders')).toMatchObject({ code: 1, stderr: expect.stringContaining('make it first') });
    await fine(log('topics', '--create'));
    await fine(inLake('restore', '--topics', 'orders'));
    expect(await inLake('restore', '--topics', 'orders')).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
    await startServices();
    await sell(3);
    await expectWhole();
  }, 180_000);

  it('builds all databases from the log when they are lost', async () => {
    await stopServices();
    await place.site.loseDatabases();
    await emptyDatabases();
    await startServices();
    await expectWhole();
    await sell(3);
    await expectWhole();
  }, 180_000);

  it('comes back from the lake alone; what was not in it yet the shop sends again', async () => {
    await fine(inLake('export'));
    const late = await sell(3);
    await stopServices();
    await Promise.all([place.site.loseBroker(), place.site.loseDatabases()]);
    await emptyDatabases();
    await fine(log('topics', '--create'));
    await fine(inLake('restore', '--all'));
    await startServices();
    await place.company.settled();
    for (const order of late) await send(order);
    await expectWhole();
  }, 180_000);

  it('goes back to where the lake ends when databases know more than the log that came back', async () => {
    await fine(inLake('export'));
    const late = await sell(3);
    await stopServices();
    await place.site.loseBroker();
    await fine(log('topics', '--create'));
    await fine(inLake('restore', '--all'));
    expect(await log('verify')).toMatchObject({ code: 1, stdout: expect.stringContaining('log-behind-database') });
    const connectors = await place.company.system.restart('connectors');
    expect((await connectors.exited).code).not.toBe(0);
    expect(readFileSync(connectors.logFile, 'utf8')).toContain('the log has lost records, and nothing is sent into it');
    for (const name of serviceNames) expect(await rebuildOf(place.company, name, {}, ['--switch-always'])).toMatchObject({ code: 0 });
    await startServices();
    await place.company.settled();
    for (const order of late) await send(order);
    await expectWhole();
  }, 240_000);
});
