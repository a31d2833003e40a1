import { describe, expect, it } from '@jest/globals';
import type { NewRecord } from '@instep/event-log';
import { createRequire } from 'node:module';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { crc32c } from './crc32c.ts';
import { BATCH_OVERHEAD, encodeBatch, sizeInBatch } from './record-batch.ts';
import { decodeRecordSet } from './record-set.ts';

const require = createRequire(import.meta.url);
const target = { topic: 'orders', partition: 3 };
const identity = { producerId: 4_000_000_000n, producerEpoch: 7, firstSequence: 123_456, timestamp: 1_764_000_000_123 };

const records: readonly NewRecord[] = [
  { key: 'demo/1', type: 'order.placed', sequence: { epoch: 1, n: 1 }, value: Buffer.from('{"a":1}') },
  {
    key: 'demo/größe-店',
    type: 'order.amended',
    sequence: { epoch: 12, n: 9_007_199_254_740_991, serial: 1_000 },
    value: Buffer.alloc(70_000, 9),
  },
  { key: '', type: 'größe.店', sequence: undefined, value: Buffer.alloc(0) },
];

/** The batch as a broker hands it out: with the offset of its first record. */
function stored(batch: Buffer, baseOffset: number): Buffer {
  const copy = Buffer.from(batch);
  copy.writeBigInt64BE(BigInt(baseOffset), 0);
  return copy;
}

describe('a record batch', () => {
  it('is read as it was written', () => {
    const bytes = stored(encodeBatch(records, identity), 5_000_000_000);
    const read = decodeRecordSet(bytes, 0, bytes.length, target, 5_000_000_000);
    expect(read.nextOffset).toBe(5_000_000_003);
    expect(read.records).toEqual(
      records.map((record, index) => ({ ...record, ...target, offset: 5_000_000_000 + index, timestamp: identity.timestamp })),
    );
  });

  it('carries a checksum of all that follows it', () => {
    const bytes = encodeBatch(records, identity);
    expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes, 21, bytes.length));
  });

  it('is read by another client, with content-type, type and sequence as its only headers', async () => {
    const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
    const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{
      readonly producerId: string;
      readonly firstSequence: number;
      readonly records: readonly { readonly key: Buffer; readonly value: Buffer; readonly headers: Readonly<Record<string, Buffer>> }[];
    }>;
    const batch = await decode(new Decoder(encodeBatch(records, identity)));
    expect(batch).toMatchObject({ producerId: '4000000000', firstSequence: 123_456 });
    const [first, second, third] = batch.records;
    expect(Object.entries(first?.headers ?? {}).map(([name, value]) => [name, value.toString()])).toEqual([
      ['content-type', 'application/cloudevents+json'],
      ['type', 'order.placed'],
      ['sequence', '1.1'],
    ]);
    expect(second?.key.toString()).toBe('demo/größe-店');
    expect(second?.value).toHaveLength(70_000);
    expect(second?.headers.sequence?.toString()).toBe('12.9007199254740991.1000');
    expect(Object.keys(third?.headers ?? {})).toEqual(['content-type', 'type']);
  });

  it('is never larger than the sizes of its records said', () => {
    const sum = records.reduce((bytes, record) => bytes + sizeInBatch(record), BATCH_OVERHEAD);
    expect(encodeBatch(records, identity).length).toBeLessThanOrEqual(sum);
  });
});

describe('a record set', () => {
  const two = Buffer.concat([stored(encodeBatch(records, identity), 10), stored(encodeBatch(records, identity), 13)]);

  it('gives what lies from an offset on, also in the middle of a batch', () => {
    expect(decodeRecordSet(two, 0, two.length, target, 12).records.map((record) => record.offset)).toEqual([12, 13, 14, 15]);
  });

  it('leaves out a batch that is cut off', () => {
    const read = decodeRecordSet(two, 0, two.length - 1, target, 10);
    expect(read.records.map((record) => record.offset)).toEqual([10, 11, 12]);
    expect(read.nextOffset).toBe(13);
  });

  it('passes over control batches, and says to fetch behind them', () => {
    const control = stored(encodeBatch(records.slice(0, 1), identity), 10);
    control.writeInt16BE(0x20, 21);
    expect(decodeRecordSet(control, 0, control.length, target, 10)).toEqual({ records: [], nextOffset: 11 });
  });

  it('reads what another writer compressed by gzip', async () => {
    const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
      RecordBatch: (options: object) => Promise<{ readonly buffer: Buffer }>;
    };
    const Record = require('kafkajs/src/protocol/recordBatch/record/v0') as (options: object) => object;
    const made = [0, 1].map((n) =>
      Record({ offsetDelta: n, timestampDelta: n * 5, key: `k${n}`, value: `v${n}`, headers: { type: 'x', other: 'y' } }),
    );
    const { buffer } = await RecordBatch({ compression: 1, records: made, firstTimestamp: 1000, maxTimestamp: 1005, lastOffsetDelta: 1 });
    const { records: read } = decodeRecordSet(buffer, 0, buffer.length, target, 0);
    expect(read).toMatchObject([
      { offset: 0, key: 'k0', type: 'x', sequence: undefined, timestamp: 1000 },
      { offset: 1, key: 'k1', type: 'x', sequence: undefined, timestamp: 1005 },
    ]);
    expect(read.map((record) => record.value.toString())).toEqual(['v0', 'v1']);
  });

  it('takes a sequence header that is not ours for none', () => {
    const bytes = stored(
      encodeBatch([{ ...records[0], type: 't', key: 'k', value: Buffer.from('v'), sequence: { epoch: 1, n: 22 } }], identity),
      0,
    );
    const at = bytes.indexOf('1.22');
    bytes.write('a.22', at);
    expect(decodeRecordSet(bytes, 0, bytes.length, target, 0).records).toMatchObject([{ sequence: undefined }]);
  });
});

describe('varints', () => {
  it.each([0, 1, 63, 64, 8191, 8192, 1_000_000, 0x3fff_ffff])('of %p are read as written', (value) => {
    const writer = new ByteWriter(10);
    writer.varint(value);
    expect(new ByteReader(writer.bytes).varint()).toBe(value);
  });

  it('are read when negative and when longer than 32 bits', () => {
    expect(new ByteReader(Buffer.from([0x01])).varint()).toBe(-1);
    expect(new ByteReader(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x01])).varint()).toBe(2 ** 34);
    expect(new ByteReader(Buffer.from([0x81, 0x80, 0x80, 0x80, 0x80, 0x01])).varint()).toBe(-(2 ** 34) - 1);
  });
});
