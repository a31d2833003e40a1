import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { topics } from '@instep/contracts';
import type { LogReader } from '@instep/event-log';
import { askServer } from '@instep/postgres/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { SandboxDatabase } from '../adapters/postgres/sandbox-database.ts';
import type { Job } from '../job/job.ts';
import { JobStore } from '../job/job-store.ts';
import { companyAtWork, type Company } from '../testing/company.ts';
import { fillSandbox } from './fill-sandbox.ts';

jest.setTimeout(120_000);

const lake = mkdtempSync(join(tmpdir(), 'fill-sandbox-'));
const id = `rfill${Date.now().toString(36)}`;
const name = `sim_${id}`;
let company: Company;

beforeAll(async () => {
  company = await companyAtWork(5);
});

afterAll(async () => {
  await askServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  rmSync(lake, { recursive: true, force: true });
});

async function planned(): Promise<Job> {
  const ranges: Job['selection']['ranges'][number][] = [];
  for (const topic of Object.keys(topics))
    for (const { partition, next } of await company.log.bounds(topic)) ranges.push({ topic, partition, from: 0, to: next });
  return {
    ...{ id, planned: '2026-03-01T00:00:00.000Z', withLog: false, plan: { read: 1, events: 1, bytes: 1 }, selection: { ranges } },
    target: { kind: 'sandbox', database: name, services: ['crm'] },
  };
}

describe('a sandbox', () => {
  it('whose server goes away while it is filled says so in a sentence', async () => {
    const jobs = new JobStore(lake);
    const job = await planned();
    jobs.add(job);
    let gone = false;
    const log: LogReader = {
      bounds: (topic) => company.log.bounds(topic),
      async *read(target, from, to) {
        if (!gone) await askServer(`DROP DATABASE ${name} WITH (FORCE)`);
        gone = true;
        yield* company.log.read(target, from, to);
      },
    };
    const database = new SandboxDatabase(process.env['DATABASE_URL'] ?? '', name);
    const filling = fillSandbox({ ...{ job, jobs, log, database }, signal: new AbortController().signal, progress: () => undefined });
    await expect(filling).rejects.toMatchObject({
      code: 'replay/no-database',
      message: expect.stringMatching(/^The database server .* cannot be used for a sandbox \(.+\)/),
    });
    expect(gone).toBe(true);
  });
});
