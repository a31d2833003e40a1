import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inMemoryLog } from '@instep/event-log';
import { exportLog } from '@instep/lake/log';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { JobStore } from '../job/job-store.ts';
import { runReplay } from '../run-replay.ts';
import { openSource } from './source.ts';

const lake = mkdtempSync(join(tmpdir(), 'replay-source-'));

beforeAll(async () => {
  const log = inMemoryLog({ topics: { orders: 6 } });
  const record = { key: 'demo/1', type: 'order.completed', sequence: undefined, value: Buffer.from('x') };
  await log.append({ topic: 'orders', partition: 0 }, [record, record, record]);
  await exportLog(lake, log, ['orders']);
});

afterAll(() => rmSync(lake, { recursive: true, force: true }));

describe('history to read', () => {
  it('is read to where it was to be read, or the reading fails', async () => {
    const { log, close } = await openSource({ lake, brokers: undefined });
    const read = async (to: number): Promise<number> => {
      let count = 0;
      for await (const records of log.read({ topic: 'orders', partition: 0 }, 1, to)) count += records.length;
      return count;
    };
    try {
      expect(await read(3)).toBe(2);
      await expect(read(5)).rejects.toThrow('orders/0 ends at offset 3, and was to be read up to 5');
    } finally {
      await close();
    }
  });

  it('that is shorter than when a replay was planned does not make it seem done', async () => {
    const path = join(lake, 'short.ndjson');
    const jobs = new JobStore(lake);
    jobs.add({
      ...{ id: 'r1', planned: '2026-03-01T00:00:00.000Z', withLog: true, plan: { read: 5, events: 5, bytes: 5 } },
      selection: { ranges: [{ topic: 'orders', partition: 0, from: 0, to: 5 }] },
      target: { kind: 'file', path, format: 'ndjson' },
    });
    const said = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    // The log, which has the rest, is away.
    await runReplay(['resume', 'r1', '--lake', lake], { lake, brokers: undefined, databaseUrl: undefined });
    said.mockRestore();
    expect(jobs.get('r1').progress).toMatchObject({ state: 'failed', reason: expect.stringContaining('KAFKA_BROKERS') });
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    expect(existsSync(path)).toBe(false);
  });
});
