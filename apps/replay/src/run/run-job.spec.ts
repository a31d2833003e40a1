import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inMemoryLog } from '@instep/event-log';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Job } from '../job/job.ts';
import { JobStore } from '../job/job-store.ts';
import { fileSink } from '../targets/file-sink.ts';
import { runJob, type RunEnd } from './run-job.ts';

const lake = mkdtempSync(join(tmpdir(), 'run-job-'));
afterAll(() => rmSync(lake, { recursive: true, force: true }));

const count = 1_000;
const log = inMemoryLog({ topics: { orders: 1 } });

beforeAll(async () => {
  const values = Array.from({ length: count }, (_, n) => Buffer.from(`{"n":${n}}`));
  await log.append(
    { topic: 'orders', partition: 0 },
    values.map((value) => ({ key: 'demo/1', type: 'order.placed', sequence: undefined, value })),
  );
});

function planned(id: string, rate: number | undefined): Job {
  return {
    ...{ id, planned: '2026-03-01T00:00:00.000Z', withLog: false, plan: { read: count, events: count, bytes: 0 }, rate },
    selection: { ranges: [{ topic: 'orders', partition: 0, from: 0, to: count }] },
    target: { kind: 'file', path: join(lake, `${id}.ndjson`), format: 'ndjson' },
  };
}

/** `onRead`: told after every step how many were read. */
async function run(job: Job, jobs: JobStore, onRead: (read: number) => void): Promise<RunEnd> {
  const sink = fileSink(join(lake, `${job.id}.ndjson`), 'ndjson', job.id);
  try {
    return await runJob({ ...{ job, jobs, log, sink }, signal: new AbortController().signal, progress: ({ read }) => onRead(read) });
  } finally {
    await sink.close();
  }
}

describe('a replay with a rate', () => {
  // A batch of this log is 500 records: 5 s.
  it.each(['pause', 'cancel'] as const)('hears a %s within a batch', async (what) => {
    const jobs = new JobStore(lake);
    const job = planned(`r${what}`, 100);
    jobs.add(job);
    expect(await run(job, jobs, (read) => read > 0 && jobs.ask(job.id, what))).toBe(what === 'pause' ? 'paused' : 'cancelled');
    expect(jobs.get(job.id).progress.checkpoint.read).toBe(20);
  });

  it('of less than one record in a second hears it too', async () => {
    const jobs = new JobStore(lake);
    const job = planned('rslow', 0.01);
    jobs.add(job);
    expect(await run(job, jobs, (read) => read > 0 && jobs.ask(job.id, 'pause'))).toBe('paused');
    expect(jobs.get(job.id).progress.checkpoint.read).toBe(1);
  });

  it('gives the same as without one', async () => {
    const jobs = new JobStore(lake);
    const begun = performance.now();
    for (const [id, rate] of [['rfast', undefined] as const, ['rpaced', 2_000] as const]) {
      const job = planned(id, rate);
      jobs.add(job);
      expect(await run(job, jobs, () => undefined)).toBe('done');
    }
    expect(performance.now() - begun).toBeGreaterThan(450);
    expect(readFileSync(join(lake, 'rpaced.ndjson'))).toEqual(readFileSync(join(lake, 'rfast.ndjson')));
  });
});
