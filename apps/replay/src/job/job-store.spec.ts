import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { Job } from './job.ts';
import { JobStore } from './job-store.ts';

const job: Job = {
  ...{ id: 'r1', planned: '2026-03-01T00:00:00.000Z', withLog: false, selection: { ranges: [] }, plan: { read: 0, events: 0, bytes: 0 } },
  target: { kind: 'file', path: '/nowhere.ndjson', format: 'ndjson' },
};

let lake: string;
let jobs: JobStore;

beforeEach(() => {
  lake = mkdtempSync(join(tmpdir(), 'replay-jobs-'));
  jobs = new JobStore(lake);
});

afterEach(() => rmSync(lake, { recursive: true, force: true }));

describe('the replays of a lake', () => {
  it('say that the disk is full, and keep what they knew before', () => {
    jobs.add(job);
    const before = jobs.get('r1').progress;
    // A process that may write nothing into files finds every disk full.
    const program = `
      import { JobStore } from ${JSON.stringify(new URL('job-store.ts', import.meta.url).href)};
      try {
        new JobStore(${JSON.stringify(lake)}).note('r1', 'failed', ${JSON.stringify(before.checkpoint)}, 'the disk of the target is full');
      } catch ({ code, message }) {
        console.log(JSON.stringify({ code, message }));
      }`;
    const node = [process.execPath, '--conditions=instep-source', '--input-type=module', '--eval', program];
    const told = execFileSync('sh', ['-c', `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`, ...node], { encoding: 'utf8' });
    expect(JSON.parse(told)).toEqual({ code: 'replay/disk-full', message: expect.stringMatching(/^The disk of .*r1 is full/) });
    expect(jobs.get('r1').progress).toEqual(before);
  });

  it('belong to one process each', async () => {
    jobs.add(job);
    const claim = await jobs.claim('r1');
    await expect(jobs.claim('r1')).rejects.toThrow('The replay r1');
    expect(jobs.get('r1').working).toBe(true);
    claim.release();
    expect(jobs.get('r1').working).toBe(false);
  });

  it('are listed although one of them is forgotten meanwhile, or was never whole', () => {
    jobs.add(job);
    jobs.add({ ...job, id: 'r2' });
    rmSync(join(jobs.folderOf('r2'), 'job.json'));
    expect(jobs.all().map((stored) => stored.job.id)).toEqual(['r1']);
    jobs.remove('r1');
    expect([jobs.all(), readdirSync(lake)]).toEqual([[], ['.replay']]);
  });

  it.each(['', '..', 'r1/../r1', 'R1', 'nobody'])('are named as they are: %p is none', (id) => {
    jobs.add(job);
    expect(() => jobs.get(id)).toThrow('There is no replay');
  });
});
