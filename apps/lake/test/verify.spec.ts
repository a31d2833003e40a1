import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { claimLake } from '../src/export/writer-claim.ts';
import { manifestPath, readManifest } from '../src/manifest/manifest-file.ts';
import { ask } from '../src/testing/ask.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { sampleRecord } from '../src/testing/sample-records.ts';
import type { Finding } from '../src/verify/finding.ts';
import { verifyLake } from '../src/verify/verify-lake.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

let lake: SampleLake;

const second = 'topic=orders/p=000/000000000020-000000000039.parquet';

beforeEach(async () => {
  lake = sampleLake({ orders: 1 });
  await lake.append(
    'orders',
    0,
    Array.from({ length: 50 }, (_, n) => sampleRecord(n)),
  );
  await lake.export({ records: 20 });
});

afterEach(() => lake.remove());

async function findings(): Promise<readonly Finding[]> {
  return (await verifyLake({ folder: lake.folder, manifest: readManifest(lake.folder), log: lake.log })).findings;
}

describe('the check of a lake', () => {
  it('finds nothing in one that is whole, and counts three ways', async () => {
    const {
      findings: found,
      counts,
      files,
    } = await verifyLake({ folder: lake.folder, manifest: readManifest(lake.folder), log: lake.log });
    expect(found).toEqual([]);
    expect(files).toBe(3);
    expect(counts).toEqual([{ topic: 'orders', partition: 0, rows: 50, distinct: 50, lastSequence: 50, inLog: 50, behind: 0 }]);
  });

  it('names a file that is missing, and no query answers without it', async () => {
    rmSync(join(lake.folder, second));
    expect(await findings()).toEqual([{ code: 'missing-file', kind: 'wrong', sentence: expect.stringContaining(`${second} is missing`) }]);
    await expect(ask(lake.folder, 'SELECT 1')).rejects.toThrow(`${second} is missing`);
  });

  it('names a file of which one byte is another', async () => {
    const path = join(lake.folder, second);
    const bytes = readFileSync(path);
    bytes[300] = (bytes[300] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await findings()).toEqual([{ code: 'damaged-file', kind: 'wrong', sentence: expect.stringContaining(`${second} is damaged`) }]);
  });

  it('names a file that was cut off, and no query answers from it', async () => {
    truncateSync(join(lake.folder, second), 500);
    expect(await findings()).toMatchObject([{ code: 'damaged-file', sentence: expect.stringContaining('it has 500 bytes') }]);
    await expect(ask(lake.folder, 'SELECT 1')).rejects.toThrow('damaged');
  });

  it('names a file too many, and no view counts it', async () => {
    const extra = 'topic=orders/p=000/000000000005-000000000024.parquet';
    copyFileSync(join(lake.folder, second), join(lake.folder, extra));
    expect(await findings()).toMatchObject([{ code: 'extra-file', sentence: expect.stringContaining(extra) }]);
    expect((await ask(lake.folder, 'SELECT count(*) AS n FROM events')).table).toEqual([{ n: 50 }]);
  });

  it.each(['copy.parquet', 'old/topic=orders/p=000/000000000000-000000000019.parquet', 'topic=orders/p=000/note.txt'])(
    'names a file too many at %s',
    async (extra) => {
      mkdirSync(dirname(join(lake.folder, extra)), { recursive: true });
      copyFileSync(join(lake.folder, second), join(lake.folder, extra));
      expect(await findings()).toMatchObject([{ code: 'extra-file', sentence: expect.stringContaining(extra) }]);
    },
  );

  it('does not name what a writer at work has not named yet, and names what stays', async () => {
    const [soon, stays] = [25, 29].map((last) => join(lake.folder, `topic=orders/p=000/000000000020-0000000000${String(last)}.parquet`));
    if (soon === undefined || stays === undefined) throw new Error('two files');
    for (const path of [soon, stays]) copyFileSync(join(lake.folder, second), path);
    const claim = await claimLake(lake.folder);
    setTimeout(() => rmSync(soon), 200);
    try {
      expect(await findings()).toMatchObject([{ code: 'extra-file', sentence: expect.stringContaining('000000000029.parquet') }]);
    } finally {
      claim.release();
    }
  });

  it('names a link too many', async () => {
    const extra = 'topic=orders/p=000/000000000005-000000000024.parquet';
    symlinkSync(join(lake.folder, second), join(lake.folder, extra));
    expect(await findings()).toMatchObject([{ code: 'extra-file', sentence: expect.stringContaining(extra) }]);
  });

  it('names a file under another name', async () => {
    const other = 'topic=orders/p=000/000000000020-000000000038.parquet';
    renameSync(join(lake.folder, second), join(lake.folder, other));
    expect(await findings()).toMatchObject([
      { code: 'missing-file', sentence: expect.stringContaining(second) },
      { code: 'extra-file', sentence: expect.stringContaining(other) },
    ]);
  });

  // No line follows the last, whose hash would tell.
  it.each([
    ['events', /"order.completed\/1":10/, '"order.complete/1":10'],
    ['times', /08:00:49/g, '08:00:59'],
    ['counts', /"repeated":0/, '"repeated":1'],
  ])('names a manifest whose last line says other %s', async (what, is, other) => {
    const lines = readFileSync(manifestPath(lake.folder), 'utf8').trimEnd().split('\n');
    const changed = (lines.at(-1) ?? '').replace(is, other);
    expect(changed).not.toBe(lines.at(-1));
    writeFileSync(manifestPath(lake.folder), `${[...lines.slice(0, -1), changed].join('\n')}\n`);
    expect(await findings()).toContainEqual({
      code: 'wrong-manifest',
      kind: 'wrong',
      sentence: expect.stringContaining(`other ${what} of topic=orders/p=000/000000000040-000000000049.parquet`),
    });
  });

  it('names events of a version that this release does not know, and no view of an event shows them', async () => {
    await lake.append('orders', 0, [
      sampleRecord(50, { dataschema: 'order.completed/9' }),
      sampleRecord(51, { type: 'order.lost', dataschema: 'order.lost/1' }),
    ]);
    await lake.export({ records: 20 });
    const found = await findings();
    expect(found.map(({ code, kind, sentence }) => [code, kind, /"([^"]+)"/.exec(sentence)?.[1]])).toEqual([
      ['unknown-event', 'note', 'order.completed/9'],
      ['unknown-event', 'note', 'order.lost/1'],
    ]);
    const { table } = await ask(
      lake.folder,
      "SELECT (SELECT count(*) FROM order_completed) AS known, (SELECT string_agg(type, ' ' ORDER BY off) FROM unknown_events) AS unknown",
    );
    expect(table).toEqual([{ known: 50, unknown: 'order.completed order.lost' }]);
  });

  it('names a gap in the numbers that the log itself has', async () => {
    await lake.append('orders', 0, [sampleRecord(50, {}, 53)]);
    await lake.export({ records: 20 });
    expect(await findings()).toMatchObject([
      { code: 'gap-in-numbers', sentence: expect.stringContaining('orders/0 carries 51 different numbers up to 53') },
    ]);
  });

  it('names a log that has less than the lake', async () => {
    const other = sampleLake({ orders: 1 });
    await other.append('orders', 0, [sampleRecord(0)]);
    const { findings: found } = await verifyLake({ folder: lake.folder, manifest: readManifest(lake.folder), log: other.log });
    expect(found).toMatchObject([
      { code: 'log-disagrees', sentence: expect.stringContaining('orders/0 has 1 records in the log where the lake holds 50') },
    ]);
    await other.remove();
  });
});
