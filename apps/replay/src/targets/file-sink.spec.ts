import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import type { LogRecord } from '@instep/event-log';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';

import { fileSink } from './file-sink.ts';

const scratch = mkdtempSync(join(tmpdir(), 'file-sink-'));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'f-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function record(value: string | Buffer, offset = 0): LogRecord {
  const head = { topic: 'orders', partition: 1, offset, key: 'demo/1', type: 'order.placed', timestamp: 1_772_323_200_123 };
  return { ...head, sequence: { epoch: 1, n: offset + 1, serial: offset + 7 }, value: Buffer.from(value) };
}

async function rowsOf(path: string): Promise<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const read = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}') ORDER BY off`);
    return read.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function written(path: string, records: readonly LogRecord[], format: 'ndjson' | 'parquet' = 'parquet'): Promise<void> {
  const sink = fileSink(path, format, 'r1');
  await sink.resume({});
  await sink.write(records);
  await sink.flush();
  await sink.finish();
}

describe('rows of events', () => {
  it.each([
    ['half a character', String.raw`{"data":{"name":"\ud800"}}`],
    ['a number that is written otherwise elsewhere', '{"n":1e+21,"m":1.50,"big":12345678901234567890}'],
    ['a control character', String.raw`{"a":"\u001f\u0000","b":"\/"}`],
    ['spaces', '{ "a" : [ 1, 2 ] }'],
    ['a name twice', '{"a":1,"a":2}'],
  ])('have the bytes of the log with %s', async (_, text) => {
    const path = join(folder, 'rows.parquet');
    await written(path, [record(text), record('{"after":"it"}', 1)]);
    expect(await rowsOf(path)).toMatchObject([
      { topic: 'orders', p: 1, key: 'demo/1', type: 'order.placed', epoch: 1, serial: '7', event: text, value: null },
      { event: '{"after":"it"}', value: null },
    ]);
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xed, 0xa0, 0x80, 0x7d])],
    ['what is no JSON', Buffer.from('{half')],
    ['nothing', Buffer.alloc(0)],
  ])('keep %s as base64', async (_, value) => {
    const path = join(folder, 'rows.parquet');
    await written(path, [record(value)]);
    expect(await rowsOf(path)).toMatchObject([{ event: null, value: value.toString('base64') }]);
  });
});

describe.each(['ndjson', 'parquet'] as const)('a file of %s', (format) => {
  const records = [record('{"a":1}'), record('{"a":2}', 1)];

  /** As a run that wrote all and was killed before the file got its name. */
  async function readyToFinish(path: string): Promise<{ readonly part: string; readonly mark: Readonly<Record<string, number>> }> {
    const sink = fileSink(path, format, 'r1');
    await sink.resume({});
    await sink.write(records);
    const mark = await sink.flush();
    await sink.close();
    const [part = ''] = readdirSync(folder).filter((name) => name.endsWith('.part'));
    return { part: join(folder, part), mark };
  }

  /** Killed between the name and the removal of what it was made from; lines get their name in one step. */
  async function killedWithName(path: string): Promise<Readonly<Record<string, number>>> {
    const { part, mark } = await readyToFinish(path);
    copyFileSync(part, join(scratch, 'part'));
    const sink = fileSink(path, format, 'r1');
    await sink.resume(mark);
    await sink.finish();
    if (format === 'parquet') copyFileSync(join(scratch, 'part'), part);
    return mark;
  }

  it('that got its name before the kill is ours', async () => {
    const path = join(folder, `x.${format}`);
    const mark = await killedWithName(path);
    const whole = readFileSync(path);
    const again = fileSink(path, format, 'r1');
    await again.resume(mark);
    await again.finish();
    expect(readFileSync(path)).toEqual(whole);
    expect(readdirSync(folder)).toEqual([`x.${format}`]);
  });

  it('that got its name before the kill stays when its replay is cancelled, which is said', async () => {
    const path = join(folder, `x.${format}`);
    const mark = await killedWithName(path);
    expect(await fileSink(path, format, 'r1').discard(mark)).toContain(`${path} was whole already and stays`);
    expect(readdirSync(folder)).toEqual([`x.${format}`]);
  });

  it('of somebody else is neither written over, nor taken for ours', async () => {
    const path = join(folder, `x.${format}`);
    const { mark } = await readyToFinish(path);
    writeFileSync(path, 'theirs');
    const sink = fileSink(path, format, 'r1');
    await sink.resume(mark);
    await expect(sink.finish()).rejects.toMatchObject({ code: 'replay/target-exists' });
    expect(await fileSink(path, format, 'r1').discard(mark)).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(folder)).toEqual([`x.${format}`]);
  });

  it('that cannot be written is said to be so, and cancelled without more ado', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'theirs');
    const sink = fileSink(join(file, `x.${format}`), format, 'r1');
    await expect(sink.resume({})).rejects.toMatchObject({
      code: 'replay/bad-option',
      message: expect.stringMatching(/^\S+ cannot be written \(.+\): name another file, or let this user write there\.$/),
    });
    expect(await sink.discard({})).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe('theirs');
  });

  it('that somebody made after the replay was planned is not taken for its own', async () => {
    const path = join(folder, `x.${format}`);
    writeFileSync(path, 'theirs');
    await expect(fileSink(path, format, 'r1').resume({})).rejects.toMatchObject({ code: 'replay/target-exists' });
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(existsSync(join(folder, `.x.${format}.r1.part`))).toBe(false);
  });
});
