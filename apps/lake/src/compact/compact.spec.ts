import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { readManifest } from '../manifest/manifest-file.ts';
import { sampleLake, type SampleLake } from '../testing/lake-in-memory.ts';
import { sampleRecord } from '../testing/sample-records.ts';
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
});
