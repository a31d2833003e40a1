import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { inMemoryLog } from '@instep/event-log';
import { exportLog } from '@instep/lake/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { Job, Target } from '../job/job.ts';
import { JobStore } from '../job/job-store.ts';
import { runReplay } from '../run-replay.ts';
import { work } from './work.ts';

const scratch = mkdtempSync(join(tmpdir(), 'replay-work-'));
const lake = join(scratch, 'lake');
const settings = { lake, brokers: undefined, databaseUrl: undefined };
const jobs = new JobStore(lake);
let said = '';

beforeAll(async () => {
  const log = inMemoryLog({ topics: { orders: 6 } });
  const record = { key: 'demo/1', type: 'order.completed', sequence: undefined, value: Buffer.from('{}') };
  await log.append({ topic: 'orders', partition: 0 }, [record, record, record]);
  await exportLog(lake, log, ['orders']);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((said += String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
});

beforeEach(() => {
  said = '';
});

afterAll(() => {
  jest.restoreAllMocks();
  rmSync(scratch, { recursive: true, force: true });
});

function planned(id: string, target: Target = { kind: 'file', path: join(scratch, `${id}.ndjson`), format: 'ndjson' }): Job {
  const job: Job = {
    ...{ id, planned: '2026-03-01T00:00:00.000Z', withLog: false, plan: { read: 3, events: 3, bytes: 6 }, target },
    selection: { ranges: [{ topic: 'orders', partition: 0, from: 0, to: 3 }] },
  };
  jobs.add(job);
  return job;
}

describe('a replay that begins to work', () => {
  it.each([
    ['pause', 'paused'],
    ['cancel', 'cancelled'],
  ] as const)('hears a %s that comes before its history is open', async (what, end) => {
    const job = planned(`r${what}`);
    const working = work(job, { jobs, settings, lake, signal: new AbortController().signal });
    do await turn();
    while (!jobs.get(job.id).working);
    jobs.ask(job.id, what);
    expect(await working).toBe(end);
    expect(jobs.get(job.id).progress.state).toBe(end);
    expect(existsSync(join(scratch, `${job.id}.ndjson`))).toBe(false);
  });

  it('hears nothing of what an earlier run was asked', async () => {
    const job = planned('rearlier');
    jobs.ask(job.id, 'pause');
    expect(await work(job, { jobs, settings, lake, signal: new AbortController().signal })).toBe('done');
  });

  it('leaves the replay to others when its history cannot be opened', async () => {
    const job = planned('rnolake');
    await expect(work(job, { jobs, settings, lake: join(scratch, 'elsewhere'), signal: new AbortController().signal })).rejects.toThrow(
      'There is no lake',
    );
    expect(jobs.get(job.id).working).toBe(false);
  });
});

describe('cancel', () => {
  it('says which topic stays, and what removes it', async () => {
    planned('rtopic', { kind: 'topic', name: 'orders-copy', partitions: 1 });
    await runReplay(['cancel', 'rtopic', '--lake', lake], settings);
    expect(said).toMatch(/^cancelled; the topic orders-copy stays with what was copied so far.*--delete --topic orders-copy does$/m);
    expect(said).not.toContain('nothing of it is left');
    await runReplay(['cancel', 'rtopic', '--lake', lake], settings);
    expect(said).toContain('is cancelled already');
    process.exitCode = 0;
  });

  it('says that a file stays that was whole before its replay could note that', async () => {
    const job = planned('rwhole');
    const path = join(scratch, 'rwhole.ndjson');
    await work(job, { jobs, settings, lake, signal: new AbortController().signal });
    // As a run that was killed between the name of the file and the note.
    jobs.note(job.id, 'running', jobs.get(job.id).progress.checkpoint);
    said = '';
    await runReplay(['cancel', 'rwhole', '--lake', lake], settings);
    expect(said).toContain(`cancelled; ${path} was whole already and stays`);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  });

  it('says that nothing is left of a file that was not whole', async () => {
    planned('rhalf');
    await runReplay(['cancel', 'rhalf', '--lake', lake], settings);
    expect(said).toContain('cancelled; nothing of it is left');
  });
});
