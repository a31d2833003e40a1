import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { continuedBy, type LogReader, type LogRecord, type NewRecord, type TopicPartition } from '@instep/event-log';
import { describeLogReader } from '@instep/event-log/conformance';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { openLakeLog, type LakeLog } from '../src/log/index.ts';
import { readManifest } from '../src/manifest/manifest-file.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { sampleEvent, sampleRecord } from '../src/testing/sample-records.ts';

jest.setTimeout(60_000);

const readLake = fileURLToPath(new URL('../src/testing/read-lake.ts', import.meta.url));
const target = { topic: 'orders', partition: 0 };
const partitions = { orders: 2 };

async function readAll(log: LogReader, from = 0, to = Number.MAX_SAFE_INTEGER, of: TopicPartition = target): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const batch of log.read(of, from, to)) records.push(...batch);
  return records;
}

describeLogReader('the files of a lake', async (topics) => {
  const counts = Object.fromEntries(topics.map((each) => [each.name, each.partitions]));
  const lake = sampleLake(counts);
  let open: LakeLog = await openLakeLog({ folder: lake.folder, partitions: counts });
  return {
    log: { bounds: (topic) => open.bounds(topic), read: (...range) => open.read(...range) },
    append: async ({ topic, partition }, records) => {
      await lake.append(topic, partition, records);
      await lake.export({ records: 500 });
      await open.close();
      open = await openLakeLog({ folder: lake.folder, partitions: counts });
    },
    close: async () => {
      await open.close();
      await lake.remove();
    },
  };
});

describe('the files of a lake as a log', () => {
  let lake: SampleLake;
  let opened: LakeLog | undefined;

  beforeEach(() => {
    lake = sampleLake(partitions);
  });

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    await lake.remove();
  });

  async function open(): Promise<LakeLog> {
    opened = await openLakeLog({ folder: lake.folder, partitions });
    return opened;
  }

  it('gives the same records as the log, in pieces, blocks and sorted files', async () => {
    for (const [from, to] of [
      [0, 400],
      [400, 415],
    ] as const) {
      await lake.append('orders', 0, samples(from, to));
      await lake.export({ records: 100 });
    }
    await lake.compact(2);
    const log = await open();
    expect(log.manifest.partition('orders', 0).map(({ kind }) => kind)).toEqual(['sorted', 'sorted', 'piece']);
    expect(await readAll(log)).toEqual(await readAll(lake.log));
    expect(await readAll(log, 57, 403)).toEqual(await readAll(lake.log, 57, 403));
  });

  it('gives a sorted file in order that does not fit into the memory to be sorted', async () => {
    const count = 40_000;
    for (let from = 0; from < count; from += 5_000) await lake.append('orders', 0, samples(from, from + 5_000, 'x'.repeat(2_000)));
    await lake.export({ records: 5_000 });
    await lake.compact(8);
    opened = await openLakeLog({ folder: lake.folder, partitions, memoryMb: 256 });
    expect(opened.manifest.partition('orders', 0).map(({ kind }) => kind)).toEqual(['sorted']);
    let next = 0;
    for await (const batch of opened.read(target, 0, count)) {
      for (const { offset, sequence } of batch) expect([offset, sequence?.n]).toEqual([next, (next += 1)]);
    }
    expect(next).toBe(count);
    expect(await readAll(opened, 20_011, 20_013)).toEqual(await readAll(lake.log, 20_011, 20_013));
  });

  it('says that the disk is full on which a sorted file is put in order, and leaves nothing there', async () => {
    await lake.append('orders', 0, samples(0, 4_000));
    await lake.export({ records: 2_000 });
    await lake.compact(2);
    const scratch = mkdtempSync(join(tmpdir(), 'scratch-'));
    try {
      const command = `trap '' XFSZ; ulimit -f 8; exec '${process.execPath}' --conditions=instep-source '${readLake}' '${lake.folder}' orders 0`;
      const { stderr, status } = spawnSync('bash', ['-c', command], { env: { ...process.env, TMPDIR: scratch }, encoding: 'utf8' });
      expect(stderr).toMatch(/^The disk of \S+ is full, where topic=orders\S+ is put in the order of its offsets .* with TMPDIR\.$/m);
      expect(status).toBe(1);
      expect(readdirSync(scratch)).toEqual([]);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });

  it('gives every byte back of records that are spelled in another way than our writers do', async () => {
    const event = sampleEvent(1);
    const json = JSON.stringify(event);
    const { data, ...attributes } = event;
    const values = [
      json,
      `${json.slice(0, -1)},"causeend":3}`,
      `${json.slice(0, -1)},"causeend":03}`,
      JSON.stringify({ ...event, data: { text: '","causeend":3}' } }),
      JSON.stringify({ data, ...attributes }),
      JSON.stringify(event, undefined, 2),
      JSON.stringify({ ...event, extension: 'more' }),
      JSON.stringify({ ...event, time: '2026-03-01T08:00:00Z' }),
      JSON.stringify({ ...event, time: '0001-01-01T00:00:00.000Z' }),
      JSON.stringify({ ...event, time: 'yesterday' }),
      JSON.stringify({ ...event, recordedtime: '2026-03-01T09:00:00+01:00' }),
      JSON.stringify({ ...event, streamversion: 1.5 }),
      JSON.stringify({ ...event, dataschema: 'order.completed/01' }),
      json.replace('"data":{', '"data":{"id":820982911946154508,'),
      json.replace('order-intake', '\\u006frder-intake'),
      ` ${json}`,
      'no event',
    ].map((text) => Buffer.from(text));
    values.push(Buffer.concat([Buffer.from(json.slice(0, -2)), Buffer.from(',"x":"\xff"}}', 'latin1')]), Buffer.alloc(0));
    const types = [undefined, 'order.completed', 'another.type'];
    const records = values.map(
      (value, at) => ({ key: `k${at}`, type: types[at % 3], sequence: { epoch: 1, n: at + 1, serial: at * 2 + 1 }, value }) as NewRecord,
    );
    await lake.append('orders', 0, records);
    await lake.export();
    const read = await readAll(await open());
    expect(read.map(({ value }) => value.toString('latin1'))).toEqual(values.map((value) => value.toString('latin1')));
    expect(read).toEqual(await readAll(lake.log));
    await opened?.close();

    // The same from a sorted file that is taken apart to be read.
    for (let copy = 1; copy < 40; copy += 1) await lake.append('orders', 0, records);
    await lake.export({ records: 200 });
    await lake.compact(3);
    const sorted = await open();
    expect(sorted.manifest.partition('orders', 0).map(({ kind }) => kind)).toEqual(['sorted', 'piece']);
    expect(await readAll(sorted)).toEqual(await readAll(lake.log));
  });

  it('keeps no bytes twice of what our writers write', async () => {
    const caused = sampleRecord(3);
    await lake.append('orders', 0, [
      ...samples(0, 3),
      { ...caused, value: Buffer.from(`${caused.value.toString().slice(0, -1)},"causeend":2}`) },
    ]);
    await lake.export();
    const log = await open();
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create();
    const [file] = log.manifest.files();
    const connection = await instance.connect();
    const read = await connection.runAndReadAll(
      `SELECT count(value), count(time_text), max(cause_end) FROM '${lake.folder}/${file?.path ?? ''}'`,
    );
    expect(read.getRowsJson()).toEqual([['0', '0', 2]]);
    instance.closeSync();
  });

  it('hands over to the log at exactly the next offset', async () => {
    await lake.append('orders', 0, samples(0, 30));
    await lake.export({ records: 10 });
    await lake.append('orders', 0, samples(30, 50));
    const both = continuedBy(await open(), lake.log);
    expect((await both.bounds('orders')).map(({ next }) => next)).toEqual([50, 0]);
    expect(await readAll(both)).toEqual(await readAll(lake.log));
    expect(await readAll(both, 28, 33)).toEqual(await readAll(lake.log, 28, 33));
  });

  it('reads the files of its own moment, also when they were put together and the lake grew meanwhile', async () => {
    await lake.append('orders', 0, samples(0, 40));
    await lake.export({ records: 10 });
    const log = await open();
    await lake.append('orders', 0, samples(40, 60));
    await lake.export({ records: 10 });
    await lake.compact(2);
    expect((await readAll(log)).map(({ offset }) => offset)).toHaveLength(40);
  });

  it.each([
    ['missing', (path: string) => rmSync(path), /is missing/],
    ['too long', (path: string) => appendFileSync(path, 'x'), /is damaged, it has \d+ bytes/],
  ])('names a file that is %s', async (_, harm, sentence) => {
    await lake.append('orders', 0, samples(0, 20));
    await lake.export({ records: 10 });
    harm(join(lake.folder, readManifest(lake.folder).files()[1]?.path ?? ''));
    await expect(readAll(await open())).rejects.toThrow(sentence);
  });

  it('names a file whose bytes are those of another one', async () => {
    await lake.append('orders', 0, samples(0, 20));
    await lake.export({ records: 10 });
    const [first, second] = readManifest(lake.folder).files();
    renameSync(join(lake.folder, first?.path ?? ''), join(lake.folder, second?.path ?? ''));
    await expect(readAll(await open(), 10, 20)).rejects.toMatchObject({ code: 'lake/file-damaged' });
  });
});

/** `padding` makes them long. */
function samples(from: number, to: number, padding?: string): readonly NewRecord[] {
  const over = padding === undefined ? {} : { data: { padding } };
  return Array.from({ length: to - from }, (_, index) => sampleRecord(from + index, over));
}
