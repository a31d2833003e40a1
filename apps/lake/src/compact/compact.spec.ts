import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openForWriting } from '../open-for-writing.ts';
import { openLakeLog } from '../log/lake-log.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import { filesOnDisk } from '../export/leftovers.ts';
import { sampleLake, type SampleLake } from '../testing/lake-in-memory.ts';
import { sampleRecord } from '../testing/sample-records.ts';
import { compact } from './compact.ts';
import { verifyLake } from '../verify/verify-lake.ts';

let lake: SampleLake;

beforeEach(async () => {
  lake = sampleLake({ orders: 1 });
  for (let n = 0; n < 40; n += 1) await lake.append('orders', 0, [sampleRecord(n)]);
  await lake.export({ records: 10 });
});

afterEach(() => lake.remove());

function contents(): ReadonlyMap<string, Buffer> {
  const files = readManifest(lake.folder).files();
  return new Map(files.map(({ path }) => [path, readFileSync(join(lake.folder, path))]));
}

describe('putting blocks together', () => {
  it.each([1, 1.5, 0])('never writes over a block: %p in a file', async (blocks) => {
    const before = contents();
    await expect(lake.compact(blocks)).rejects.toThrow('2 blocks or more');
    expect(contents()).toEqual(before);
  });

  it('goes on where it was stopped, and has nothing to do afterwards', async () => {
    await lake.compact(2);
    const [once, generation] = [contents(), readManifest(lake.folder).generation];
    expect([...once.keys()]).toHaveLength(2);
    await lake.compact(2);
    expect([contents(), readManifest(lake.folder).generation]).toEqual([once, generation]);
    expect((await verifyLake({ folder: lake.folder, manifest: readManifest(lake.folder) })).findings).toEqual([]);
  });

  it('ends a file where its values would not fit into the memory to be sorted', async () => {
    const bytes = readManifest(lake.folder)
      .files()
      .slice(0, 3)
      .reduce((sum, { valueBytes }) => sum + valueBytes, 0);
    const { writer, database, close } = await openForWriting(lake.folder, undefined);
    const parts = { folder: lake.folder, writer, database, blocksPerFile: 40, onFile: () => undefined };
    expect(await compact({ ...parts, bytesPerFile: bytes })).toBe(1);
    expect(await compact({ ...parts, bytesPerFile: 1 })).toBe(0);
    await close();
    expect(
      readManifest(lake.folder)
        .files()
        .map(({ kind, rows }) => [kind, rows]),
    ).toEqual([
      ['sorted', 30],
      ['block', 10],
    ]);
  });

  /** Cut off at the first file that is made: before or after the manifest names it. */
  async function cutOff(when: 'before' | 'after'): Promise<void> {
    const { writer, database, close } = await openForWriting(lake.folder, undefined);
    const fail = (): never => {
      throw new Error('cut off');
    };
    const cut = when === 'before' ? { manifest: writer.manifest, sound: writer.sound, commit: fail } : writer;
    const parts = { folder: lake.folder, database, blocksPerFile: 2, onFile: fail };
    await expect(compact({ ...parts, writer: cut as typeof writer })).rejects.toThrow('cut off');
    await close();
  }

  it.each(['before', 'after'] as const)('gives the same bytes when it was cut off %s the manifest named the file', async (when) => {
    const undisturbed = `${lake.folder}-undisturbed`;
    cpSync(lake.folder, undisturbed, { recursive: true });
    const { writer, database, close } = await openForWriting(undisturbed, undefined);
    await compact({ folder: undisturbed, writer, database, blocksPerFile: 2, onFile: () => undefined });
    await close();
    await cutOff(when);
    expect(filesOnDisk(lake.folder)).toHaveLength(5);
    await lake.compact(2);
    const whole = readManifest(undisturbed).files();
    expect(
      readManifest(lake.folder)
        .files()
        .map(({ path, sha256 }) => [path, sha256]),
    ).toEqual(whole.map(({ path, sha256 }) => [path, sha256]));
    expect(filesOnDisk(lake.folder)).toEqual(whole.map(({ path }) => path));
    rmSync(undisturbed, { recursive: true });
  });

  it('takes nothing from who reads meanwhile', async () => {
    const log = await openLakeLog({ folder: lake.folder });
    const blocks = readManifest(lake.folder)
      .files()
      .map(({ path }) => path);
    await lake.compact(2);
    let count = 0;
    for await (const records of log.read({ topic: 'orders', partition: 0 }, 0, 40)) count += records.length;
    expect([count, blocks.every((path) => existsSync(join(lake.folder, path)))]).toEqual([40, true]);
    await log.close();
    await lake.compact(2);
    expect(blocks.some((path) => existsSync(join(lake.folder, path)))).toBe(false);
  });
});
