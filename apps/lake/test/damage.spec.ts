import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { measure } from '../src/kpi/measure.ts';
import { openLakeLog } from '../src/log/lake-log.ts';
import type { LakeFile } from '../src/manifest/lake-file.ts';
import { readManifest } from '../src/manifest/manifest-file.ts';
import { defaultQueryLimits } from '../src/query/limits.ts';
import { QuerySession } from '../src/query/query-session.ts';
import { buildRowHistory } from '../src/row-history/build-row-history.ts';
import { keptDepartments } from '../src/row-history/departments.ts';
import { historyFolder, readHistory } from '../src/row-history/history-manifest.ts';
import { savedQueries } from '../src/saved/folders.ts';
import { readSqlFiles } from '../src/saved/sql-file.ts';
import { lakeServer } from '../src/serve/lake-server.ts';
import { SoundFiles } from '../src/sound/sound-files.ts';
import { ask } from '../src/testing/ask.ts';
import { flipBit, placesIn } from '../src/testing/flip.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { eventsOf } from '../src/testing/sample-story.ts';
import { verifyLake } from '../src/verify/verify-lake.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

const begin = Date.UTC(2026, 2, 2, 9);
const limits = { ...defaultQueryLimits, personal: 'shown' } as const;

let lake: SampleLake;
let connection: DuckDBConnection;
let asOf: { readonly recorded: string };
/** Puts back what a test damaged. */
let repair: (() => void)[] = [];

beforeAll(async () => {
  lake = sampleLake({ orders: 1, inventory: 1, finance: 1 });
  for (let n = 0; n < 100; n += 1) {
    const orderId = `shop:${n}`;
    const story = {
      orderId,
      channel: 'web',
      placedAt: begin + n * 60_000,
      item: `ITEM-${n % 7}`,
      quantity: 1 + (n % 3),
      customer: `c${n % 20}`,
    };
    const prices = { priceCents: 1000 + n, costCents: 400 + n, paidAfterMs: 1_000, shippedAfterMs: 5_000 };
    for (const { topic, record } of eventsOf({ ...story, ...prices })) await lake.append(topic, 0, [record]);
  }
  await lake.export({ records: 100 });
  const log = await openLakeLog({ folder: lake.folder });
  const folder = join(lake.folder, historyFolder);
  const built = { log, lake: lake.folder, folder, departments: keptDepartments(), until: begin + 86_400_000 };
  await buildRowHistory({ ...built, segment: 500 });
  await log.close();
  asOf = { recorded: new Date(begin + 80_000_000).toISOString() };
  connection = await (await DuckDBInstance.create()).connect();
});

afterEach(() => {
  for (const each of repair.reverse()) each();
  repair = [];
});

afterAll(async () => {
  connection.closeSync();
  await lake.remove();
});

function damage(path: string, at: number, bit = at % 8): void {
  repair.push(flipBit(join(lake.folder, path), at, bit));
}

/** Notes as sound what is not, as on a disk that lost a bit by itself: no time tells of it. */
function noteBlindly(file: LakeFile): void {
  const sound = new SoundFiles(lake.folder);
  sound.note(file);
  sound.save();
  repair.unshift(() => {
    const again = new SoundFiles(lake.folder);
    again.forget(file.path);
    again.save();
  });
}

function files(): readonly LakeFile[] {
  return readManifest(lake.folder).files();
}

function second(): LakeFile {
  const [, file] = files();
  if (!file) throw new Error('a lake of more than one file');
  return file;
}

async function openSession(moment?: typeof asOf): Promise<void> {
  const session = await QuerySession.open({ lake: lake.folder, scratch: join(lake.folder, '.scratch') }, limits, moment);
  session.connection.closeSync();
}

async function readAsLog({ topic, partition }: LakeFile): Promise<number> {
  const log = await openLakeLog({ folder: lake.folder });
  let count = 0;
  try {
    for await (const records of log.read({ topic, partition }, 0, Number.MAX_SAFE_INTEGER)) count += records.length;
    return count;
  } finally {
    await log.close();
  }
}

/** What DuckDB alone makes of a file: the rows as one number, or undefined where it notices that something is wrong. */
async function byItself({ path }: Pick<LakeFile, 'path'>): Promise<string | undefined> {
  try {
    const read = await connection.runAndReadAll(
      `SELECT md5(string_agg(t::VARCHAR, '' ORDER BY t::VARCHAR)) FROM read_parquet('${join(lake.folder, path)}', hive_partitioning = false) AS t`,
    );
    return JSON.stringify(read.getRowsJson());
  } catch {
    return undefined;
  }
}

function damaged(path: string): { readonly code: string; readonly message: unknown } {
  return { code: 'lake/file-damaged', message: expect.stringMatching(`^${path} .*is damaged`) };
}

describe('of a lake in which one bit is another', () => {
  it('each file is named by whoever asks it and by whoever reads it as a log, also where the bit changes an answer without an error', async () => {
    let silent = 0;
    let flips = 0;
    for (const file of files()) {
      const whole = await byItself(file);
      for (const at of placesIn(file.bytes, 8)) {
        damage(file.path, at);
        await expect(openSession()).rejects.toMatchObject(damaged(file.path));
        await expect(readAsLog(file)).rejects.toMatchObject(damaged(file.path));
        const read = await byItself(file);
        if (read !== undefined && read !== whole) silent += 1;
        flips += 1;
        repair.pop()?.();
      }
    }
    expect(flips).toBeGreaterThan(50);
    expect(silent).toBeGreaterThan(0);
    await openSession();
  });

  it('each file of the row history is named by whoever asks for a moment, the order of records too', async () => {
    const names = readHistory(join(lake.folder, historyFolder)).files();
    expect(names.some(({ path }) => path.startsWith('order/'))).toBe(true);
    for (const { path, bytes } of names) {
      for (const at of placesIn(bytes, 2)) {
        damage(join(historyFolder, path), at);
        await expect(openSession(asOf)).rejects.toMatchObject(damaged(path));
        repair.pop()?.();
      }
    }
    await openSession(asOf);
  });

  it('nobody gets an answer: not in SQL, not over HTTP, no figure, no file', async () => {
    const { path, bytes } = second();
    damage(path, Math.floor(bytes / 2));
    await expect(ask(lake.folder, 'SELECT 1')).rejects.toMatchObject(damaged(path));
    await expect(ask(lake.folder, 'SELECT 1', {}, { asOf })).rejects.toMatchObject(damaged(path));
    await expect(measure(lake.folder, readSqlFiles(savedQueries).slice(0, 1), limits)).rejects.toMatchObject(damaged(path));
    const server = lakeServer({ lake: lake.folder, limits, atOnce: 1, hosts: new Set(['127.0.0.1']), reveal: 'a test' });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const query = await fetch(`${address}/query`, { method: 'POST', body: 'SELECT 1' });
      expect([query.status, await query.json()]).toMatchObject([503, { code: 'lake/file-damaged' }]);
      expect((await fetch(`${address}/files/${path}`, { headers: { range: 'bytes=0-9' } })).status).toBe(503);
      expect((await fetch(`${address}/files/${files()[0]?.path ?? ''}`)).status).toBe(200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('a file with the length of the one that was there is named', async () => {
    const { path, bytes } = second();
    const full = join(lake.folder, path);
    renameSync(full, `${full}.aside`);
    repair.push(() => renameSync(`${full}.aside`, full));
    writeFileSync(full, Buffer.alloc(bytes, 'PAR1'));
    await expect(ask(lake.folder, 'SELECT 1')).rejects.toMatchObject(damaged(path));
  });

  it('what a disk lost by itself is found by verify, and from then on by all', async () => {
    const file = second();
    damage(file.path, Math.floor(file.bytes / 2));
    noteBlindly(file);
    await openSession();
    const { findings } = await verifyLake({ folder: lake.folder, manifest: readManifest(lake.folder) });
    expect(findings).toMatchObject([{ code: 'damaged-file', sentence: expect.stringContaining(`${file.path} is damaged`) }]);
    await expect(openSession()).rejects.toMatchObject(damaged(file.path));
  });

  it('a damaged block is not put together to a file that would be right', async () => {
    const file = second();
    expect(file.kind).toBe('block');
    damage(file.path, Math.floor(file.bytes / 2));
    noteBlindly(file);
    const before = files();
    await expect(lake.compact(2)).rejects.toMatchObject(damaged(file.path));
    expect(files()).toEqual(before);
  });
});

describe('a lake that was copied', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'lake-copy-'));
    cpSync(lake.folder, copy, { recursive: true });
  });

  afterAll(() => rmSync(copy, { recursive: true }));

  it('is read once with all that was noted elsewhere, and a copy with an error in it is named', async () => {
    const { path, bytes } = second();
    const back = flipBit(join(copy, path), Math.floor(bytes / 2));
    await expect(ask(copy, 'SELECT 1')).rejects.toMatchObject(damaged(path));
    back();
    expect((await ask(copy, 'SELECT count(*) AS n FROM orders', {}, { asOf })).table).toEqual([{ n: 100 }]);
  });

  it('answers where nothing can be noted', async () => {
    for (const folder of [copy, join(copy, historyFolder)]) {
      rmSync(join(folder, '.sound-files'), { force: true });
      mkdirSync(join(folder, '.sound-files', 'in the way'), { recursive: true });
    }
    expect((await ask(copy, 'SELECT count(*) AS n FROM orders', {}, { asOf })).table).toEqual([{ n: 100 }]);
    const { path, bytes } = second();
    flipBit(join(copy, path), Math.floor(bytes / 2));
    await expect(ask(copy, 'SELECT 1')).rejects.toMatchObject(damaged(path));
  });
});
