import type { EventLog } from '@instep/event-log';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { exportOnce } from '../src/export/exporter.ts';
import { openForWriting } from '../src/open-for-writing.ts';
import type { LakeFile } from '../src/manifest/lake-file.ts';
import { readManifest } from '../src/manifest/manifest-file.ts';
import { announceReader } from '../src/manifest/readers.ts';
import { filesOnDisk } from '../src/export/leftovers.ts';
import { ask } from '../src/testing/ask.ts';
import { hashesOf } from '../src/testing/folder-bytes.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { sampleRecord } from '../src/testing/sample-records.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

let lake: SampleLake;

beforeEach(() => {
  lake = sampleLake({ orders: 2 });
});

afterEach(() => lake.remove());

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

async function append(from: number, to: number): Promise<void> {
  await lake.append(
    'orders',
    0,
    range(from, to).map((n) => sampleRecord(n)),
  );
}

describe('an export', () => {
  it('writes blocks of the same bytes, however often it ran while they grew', async () => {
    for (const [from, to] of [
      [0, 3],
      [3, 4],
      [4, 17],
      [17, 40],
      [40, 41],
      [41, 55],
    ] as const) {
      await append(from, to);
      await lake.export({ records: 20 });
    }
    const inSteps = hashesOf(lake.folder);
    const whole = sampleLake({ orders: 2 });
    // The same records at the same times: the log itself is the same.
    const again = { ...whole, log: lake.log };
    await exportInto(again);
    expect(Object.keys(inSteps)).toEqual([
      'topic=orders/p=000/000000000000-000000000019.parquet',
      'topic=orders/p=000/000000000020-000000000039.parquet',
      'topic=orders/p=000/000000000040-000000000054.parquet',
    ]);
    expect(hashesOf(whole.folder)).toEqual(inSteps);
    await whole.remove();
  });

  it('ends a block also by the size of its records, so that large ones do not fill the memory', async () => {
    await append(0, 10);
    const { length } = sampleRecord(0).value;
    await lake.export({ records: 1000, bytes: 4 * length - 10 });
    expect(
      readManifest(lake.folder)
        .files()
        .map(({ kind, rows }) => [kind, rows]),
    ).toEqual([
      ['block', 4],
      ['block', 4],
      ['piece', 2],
    ]);
  });

  it('keeps what is no event as it is, and marks what was sent again', async () => {
    const sent = [sampleRecord(0), sampleRecord(1), sampleRecord(0), sampleRecord(1), sampleRecord(2)];
    const broken = { key: 'demo/x', type: 'strange', sequence: { epoch: 1, n: 4 }, value: Buffer.from([0x7b, 0xff, 0x00]) };
    const cut = sampleRecord(4);
    await lake.append('orders', 0, [...sent, broken, { ...cut, value: Buffer.from(`${cut.value.toString().slice(0, -20)}}`) }]);
    await lake.export();
    const { table } = await ask(lake.folder, 'SELECT off, seq, repeated, fault, hex(value) AS bytes, type FROM log_records ORDER BY off', {
      personal: 'shown',
    });
    expect(table.map(({ off, repeated, fault }) => [off, repeated, fault])).toEqual([
      [0, false, null],
      [1, false, null],
      [2, true, null],
      [3, true, null],
      [4, false, null],
      [5, false, 'not-an-event'],
      [6, false, 'not-an-event'],
    ]);
    expect(table[5]).toMatchObject({ type: 'strange', bytes: '7BFF00' });
    expect((await ask(lake.folder, 'SELECT count(*) AS n FROM events')).table).toEqual([{ n: 3 }]);
    expect(readManifest(lake.folder).files()[0]).toMatchObject({ repeated: 2, faults: 2, lastSequence: 5 });
  });

  it('refuses to go on from another log', async () => {
    await append(0, 10);
    await lake.export();
    const other = sampleLake({ orders: 2 });
    await expect(exportInto({ ...lake, log: other.log })).rejects.toMatchObject({ code: 'lake/log-behind' });
    await other.remove();
  });

  it('that fails in one partition ends when what goes on in another has ended: whoever called closes the manifest', async () => {
    await append(0, 10);
    await lake.append('orders', 1, [sampleRecord(10)]);
    const log: EventLog = {
      ...lake.log,
      read: (target, from, to) => {
        if (target.partition === 1) throw new Error('partition 1 cannot be read');
        return lake.log.read(target, from, to);
      },
    };
    const written: string[] = [];
    await expect(
      exportInto({ ...lake, log }, async ({ path }) => {
        await new Promise((resolve) => setImmediate(resolve));
        written.push(path);
      }),
    ).rejects.toThrow('partition 1 cannot be read');
    expect(written).toEqual(['topic=orders/p=000/000000000000-000000000009.parquet']);
  });

  it('is one at a time', async () => {
    const first = await openForWriting(lake.folder, undefined);
    await expect(openForWriting(lake.folder, undefined)).rejects.toMatchObject({ code: 'lake/already-exporting' });
    await first.close();
  });
});

describe('compaction', () => {
  it('puts blocks together to one sorted file that holds the same', async () => {
    await append(0, 70);
    await lake.export({ records: 20 });
    const before = await ask(lake.folder, 'SELECT * FROM log_records ORDER BY off');
    await lake.compact(3);
    expect(
      readManifest(lake.folder)
        .files()
        .map(({ kind, rows }) => [kind, rows]),
    ).toEqual([
      ['sorted', 60],
      ['piece', 10],
    ]);
    const after = await ask(lake.folder, 'SELECT * FROM log_records ORDER BY off');
    expect(after.table).toEqual(before.table);
    expect(filesOnDisk(lake.folder)).toHaveLength(2);
    await append(70, 90);
    await lake.export({ records: 20 });
    expect((await ask(lake.folder, 'SELECT count(DISTINCT off) AS n FROM log_records')).table).toEqual([{ n: 90 }]);
  });

  it('leaves the files of a reader alone until it is done', async () => {
    await append(0, 60);
    await lake.export({ records: 20 });
    const reader = announceReader(lake.folder);
    await lake.compact(3);
    expect(filesOnDisk(lake.folder)).toHaveLength(4);
    reader.release();
    await lake.export({ records: 20 });
    expect(filesOnDisk(lake.folder)).toHaveLength(1);
  });
});

async function exportInto(target: SampleLake, onFile: (file: LakeFile) => Promise<void> = () => Promise.resolve()): Promise<void> {
  const { writer, database, close } = await openForWriting(target.folder, undefined);
  try {
    await exportOnce({ log: target.log, folder: target.folder, writer, database, limits: { records: 20, bytes: 1 << 20 }, onFile }, [
      'orders',
    ]);
  } finally {
    await close();
  }
}
