import { cpSync, rmSync } from 'node:fs';

import { askServer, databaseUrl, testDatabase, type TestDatabase } from '@instep/postgres/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { openManifestTable } from '../src/adapters/postgres/manifest-table.ts';
import { claimLake } from '../src/export/writer-claim.ts';
import { readManifest } from '../src/manifest/manifest-file.ts';
import { openForWriting } from '../src/open-for-writing.ts';
import { runLake } from '../src/run-lake.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { sampleRecord } from '../src/testing/sample-records.ts';
import type { Finding } from '../src/verify/finding.ts';
import { verifyLake } from '../src/verify/verify-lake.ts';

jest.setTimeout(60_000);

const first = 'topic=orders/p=000/000000000000-000000000009.parquet';
const second = 'topic=orders/p=000/000000000010-000000000019.parquet';

let database: TestDatabase;
let lake: SampleLake;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.drop());

beforeEach(async () => {
  lake = sampleLake({ orders: 1 });
  const records = Array.from({ length: 125 }, (_, n) => sampleRecord(n));
  await lake.append('orders', 0, records);
  await lake.export({ records: 10 });
  await writeAnew();
});

afterEach(() => lake.remove());

/** What an export does when it begins. */
async function writeAnew(): Promise<void> {
  await (await openForWriting(lake.folder, database.url)).close();
}

async function findings(url = database.url): Promise<readonly Finding[]> {
  return (await verifyLake({ folder: lake.folder, manifest: readManifest(lake.folder), databaseUrl: url })).findings;
}

async function sentences(): Promise<readonly string[]> {
  const found = await findings();
  expect(found.every(({ code, kind }) => code === 'table-disagrees' && kind === 'wrong')).toBe(true);
  return found.map(({ sentence }) => sentence);
}

describe('the copy of the manifest in PostgreSQL', () => {
  it('has nothing wrong after an export, also of records without times and of what is no event', async () => {
    expect(await findings()).toEqual([]);
    await lake.append('orders', 0, [{ key: 'x', type: 'x', sequence: undefined, value: Buffer.from('no event') }]);
    await lake.export({ records: 10 });
    await writeAnew();
    expect((await findings()).filter(({ code }) => code === 'table-disagrees')).toEqual([]);
  });

  it.each([
    [
      'a row that is missing',
      `DELETE FROM lake.lake_manifest WHERE path = '${first}'`,
      `has no row of ${first}: who asks it misses that file`,
    ],
    [
      'a row too many',
      `UPDATE lake.lake_manifest SET path = 'x.parquet' WHERE path = '${first}'`,
      'has a row of x.parquet, which is no part of the lake',
    ],
    [
      'a row that says something else',
      `UPDATE lake.lake_manifest SET row_count = 9, recorded_to = NULL, events = '{}' WHERE path = '${second}'`,
      `says something else of ${second} than the manifest: row_count, recorded_to, events.`,
    ],
  ])('is named for %s, with what to do, which helps', async (_, harm, said) => {
    await database.query(harm);
    const found = await sentences();
    expect(found.join('\n')).toContain(`The table lake.lake_manifest ${said}`);
    for (const sentence of found) expect(sentence).toContain('npm run lake -- export with this database makes the table say the same');
    await writeAnew();
    expect(await findings()).toEqual([]);
  });

  it('does not take a row for the same whose JSON is spelled otherwise for another', async () => {
    await database.query(`UPDATE lake.lake_manifest SET events = events::jsonb::json`);
    expect(await findings()).toEqual([]);
  });

  it('is summed up where much is wrong, and told from the table of another lake', async () => {
    await database.query(`DELETE FROM lake.lake_manifest WHERE path <> '${first}'`);
    const found = await sentences();
    expect(found).toHaveLength(11);
    expect(found.at(-1)).toContain('the same is wrong (missing) with 2 more rows');
    await database.query(`UPDATE lake.lake_manifest SET path = 'other/' || path`);
    expect(await sentences()).toEqual([expect.stringContaining('is that of another lake: it has 1 row, none of them')]);
  });

  it('may come a moment later than the manifest', async () => {
    await database.query(`DELETE FROM lake.lake_manifest WHERE path = '${first}'`);
    const claim = await claimLake(lake.folder);
    const table = await openManifestTable(database.url);
    const late = setTimeout(() => void table.replace(readManifest(lake.folder)), 300);
    try {
      expect(await findings()).toEqual([]);
    } finally {
      clearTimeout(late);
      await table.close();
      claim.release();
    }
  });

  it('is missed in a note where there is none, and named where the database cannot be asked', async () => {
    const name = `lake_empty_${process.pid}`;
    await askServer(`CREATE DATABASE ${name}`);
    try {
      expect(await findings(databaseUrl(name))).toMatchObject([{ code: 'no-table', kind: 'note' }]);
    } finally {
      await askServer(`DROP DATABASE ${name} WITH (FORCE)`);
    }
    expect(await findings(databaseUrl(name))).toMatchObject([
      {
        code: 'table-disagrees',
        kind: 'wrong',
        sentence: expect.stringMatching(/cannot be compared \(.*does not exist\): start the database/),
      },
    ]);
  });

  it('is compared by the command for the lake that it is the copy of, and for no other', async () => {
    await database.query(`DELETE FROM lake.lake_manifest WHERE path = '${first}'`);
    const said: string[] = [];
    const copy = `${lake.folder}-copy`;
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    const verify = async (...args: readonly string[]): Promise<string> => {
      said.length = 0;
      await runLake(['verify', ...args], { folder: lake.folder, brokers: undefined, databaseUrl: database.url });
      return said.join('');
    };
    try {
      expect(await verify()).toContain('✗ The table lake.lake_manifest has no row');
      expect(process.exitCode).toBe(1);
      process.exitCode = 0;
      cpSync(lake.folder, copy, { recursive: true });
      expect(await verify('--lake', copy)).toContain('agree with the manifest (no log was asked)');
      expect(await verify('--no-table')).toContain('agree with the manifest (no log was asked)');
      await writeAnew();
      expect(await verify()).toContain('agree with the manifest and its copy in the database (no log was asked)');
      expect(process.exitCode).toBe(0);
    } finally {
      write.mockRestore();
      rmSync(copy, { recursive: true, force: true });
      process.exitCode = 0;
    }
  });
});
