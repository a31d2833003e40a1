import { partitionName, type LogRecord, type Sequence, type TopicPartition } from '@instep/event-log';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { BATCH_OVERHEAD } from './record-batch.ts';

const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const CONTROL = 0x20;
const FORMAT_AT = 16;

/**
 * Records of `bytes[from, to)`, a run of record batches of one partition, from offset `startAt` on. A batch cut off at the end is left out.
 * Also says where to fetch next: behind batches that hold nothing for a reader too. Values are views of `bytes`, not copies.
 */
export function decodeRecordSet(
  bytes: Buffer,
  from: number,
  to: number,
  target: TopicPartition,
  startAt: number,
): { readonly records: LogRecord[]; readonly nextOffset: number } {
  const records: LogRecord[] = [];
  let nextOffset = startAt;
  let at = from;
  while (to - at >= BATCH_OVERHEAD) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > to) break;
    nextOffset = Math.max(nextOffset, decodeBatch(bytes, at, end, target, startAt, records));
    at = end;
  }
  return { records, nextOffset };
}

/** Appends the records of one batch to `into` and gives the offset behind the batch. */
function decodeBatch(bytes: Buffer, at: number, end: number, target: TopicPartition, startAt: number, into: LogRecord[]): number {
  if (bytes[at + FORMAT_AT] !== 2) throw new Error(`${partitionName(target)} holds records in a format older than 2`);
  const header = new ByteReader(bytes, at);
  const baseOffset = header.int64();
  header.at = at + CRC_BEHIND;
  const attributes = header.int16();
  const behind = baseOffset + header.int32() + 1;
  const baseTimestamp = header.int64();
  const maxTimestamp = header.int64();
  if ((attributes & CONTROL) !== 0 || behind <= startAt) return behind;
  header.at = at + BATCH_OVERHEAD - 4;
  const count = header.int32();
  const body = decompressed(bytes, header.at, end, attributes & COMPRESSION_MASK, target);
  for (let n = 0; n < count; n++) {
    const next = body.varint() + body.at;
    body.at += 1; // attributes
    const timestampDelta = body.varint();
    const offset = baseOffset + body.varint();
    if (offset >= startAt) {
      const timestamp = (attributes & LOG_APPEND_TIME) === 0 ? baseTimestamp + timestampDelta : maxTimestamp;
      into.push(decodeRecord(body, target, offset, timestamp));
    }
    body.at = next;
  }
  return behind;
}

const CRC_BEHIND = 21;

function decodeRecord(body: ByteReader, { topic, partition }: TopicPartition, offset: number, timestamp: number): LogRecord {
  const { bytes } = body;
  const keyLength = body.varint();
  const keyEnd = body.at + Math.max(0, keyLength);
  const key = bytes.toString('utf8', body.at, keyEnd);
  body.at = keyEnd;
  const valueLength = Math.max(0, body.varint());
  const value = bytes.subarray(body.at, body.at + valueLength);
  body.at += valueLength;
  let type: string | undefined;
  let sequence: Sequence | undefined;
  for (let left = body.varint(); left > 0; left--) {
    const nameLength = body.varint();
    const nameAt = body.at;
    body.at += nameLength;
    const length = Math.max(0, body.varint());
    const valueAt = body.at;
    body.at += length;
    if (isType(bytes, nameAt, nameLength)) type = bytes.toString('utf8', valueAt, valueAt + length);
    else if (isSequence(bytes, nameAt, nameLength)) sequence = sequenceOf(bytes, valueAt, valueAt + length);
  }
  return { topic, partition, offset, key, type, sequence, value, timestamp };
}

function isType(bytes: Buffer, at: number, length: number): boolean {
  return length === 4 && bytes.readUInt32BE(at) === 0x74797065; // 'type'
}

function isSequence(bytes: Buffer, at: number, length: number): boolean {
  return length === 8 && bytes.readUInt32BE(at) === 0x73657175 && bytes.readUInt32BE(at + 4) === 0x656e6365; // 'sequence'
}

/** `<epoch>.<n>` or `<epoch>.<n>.<serial>`; undefined where a foreign writer put something else. */
function sequenceOf(bytes: Buffer, at: number, end: number): Sequence | undefined {
  let [epoch, n, serial, dots] = [0, 0, 0, 0];
  for (let index = at; index < end; index++) {
    const digit = (bytes[index] ?? 0) - 0x30;
    if (digit === -2) dots += 1;
    else if (digit < 0 || digit > 9) return undefined;
    else if (dots === 0) epoch = epoch * 10 + digit;
    else if (dots === 1) n = n * 10 + digit;
    else serial = serial * 10 + digit;
  }
  if (dots === 2) return { epoch, n, serial };
  return dots === 1 ? { epoch, n } : undefined;
}

/** Our own writers do not compress; others may, and a broker setting can. */
function decompressed(bytes: Buffer, at: number, end: number, codec: number, target: TopicPartition): ByteReader {
  if (codec === 0) return new ByteReader(bytes, at);
  const compressed = bytes.subarray(at, end);
  if (codec === 1) return new ByteReader(gunzipSync(compressed));
  if (codec === 4) return new ByteReader(zstdDecompressSync(compressed));
  throw new Error(`${partitionName(target)} holds records compressed by snappy or lz4; set compression.type=producer`);
}
