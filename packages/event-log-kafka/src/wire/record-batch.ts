import type { NewRecord, Sequence } from '@instep/event-log';
import { ByteWriter, sizeOfVarint } from './byte-writer.ts';
import { crc32c } from './crc32c.ts';

/** Bytes of a record batch (format 2) before its records. */
export const BATCH_OVERHEAD = 61;
const CRC_AT = 17;
const CRC_FROM = 21;

const CONTENT_TYPE = header('content-type', 'application/cloudevents+json');
const SEQUENCE_KEY = headerText('sequence');

export interface BatchIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly timestamp: number;
}

/** Bytes that a record adds to a batch, at most: what the limit of a topic is compared with. */
export function sizeInBatch(record: NewRecord): number {
  const body = sizeOfBody(record, MOST_RECORDS);
  return sizeOfVarint(body) + body;
}

/** More records than one batch ever has; only for the size of their number. */
const MOST_RECORDS = 100_000;

/** One uncompressed record batch with the three headers of an event: content-type, type and, where there is one, sequence. */
export function encodeBatch(records: readonly NewRecord[], identity: BatchIdentity): Buffer {
  const bodies = records.map((record, index) => sizeOfBody(record, index));
  const size = bodies.reduce((sum, body) => sum + sizeOfVarint(body) + body, BATCH_OVERHEAD);
  const writer = new ByteWriter(size);
  writer.int64(0n); // offset of the first record: the broker's to give
  writer.int32(size - 12);
  writer.int32(-1); // partition leader epoch
  writer.int8(2); // format
  writer.int32(0); // checksum, filled in below
  writer.int16(0); // attributes: no compression, time of the writer
  writer.int32(records.length - 1);
  writer.int64(BigInt(identity.timestamp));
  writer.int64(BigInt(identity.timestamp));
  writer.int64(identity.producerId);
  writer.int16(identity.producerEpoch);
  writer.int32(identity.firstSequence);
  writer.int32(records.length);
  records.forEach((record, index) => writeRecord(writer, record, index, bodies[index] ?? 0));
  writer.bytes.writeUInt32BE(crc32c(writer.bytes, CRC_FROM, size), CRC_AT);
  return writer.bytes;
}

function sizeOfBody(record: NewRecord, offsetDelta: number): number {
  const key = Buffer.byteLength(record.key);
  const { sequence } = record;
  const sequenceSize = sequence ? sizeOfSequence(sequence) : 0;
  return (
    2 + // attributes, time delta
    sizeOfVarint(offsetDelta) +
    sizeOfVarint(key) +
    key +
    sizeOfVarint(record.value.length) +
    record.value.length +
    1 + // number of headers
    CONTENT_TYPE.length +
    typeHeader(record.type).length +
    (sequence ? SEQUENCE_KEY.length + sizeOfVarint(sequenceSize) + sequenceSize : 0)
  );
}

function writeRecord(writer: ByteWriter, record: NewRecord, offsetDelta: number, body: number): void {
  writer.varint(body);
  writer.int8(0); // attributes
  writer.varint(0); // time delta: a batch has one time
  writer.varint(offsetDelta);
  writer.varint(Buffer.byteLength(record.key));
  writer.at += writer.bytes.write(record.key, writer.at, 'utf8');
  writer.varint(record.value.length);
  writer.raw(record.value);
  const { sequence } = record;
  writer.varint(sequence ? 3 : 2);
  writer.raw(CONTENT_TYPE);
  writer.raw(typeHeader(record.type));
  if (!sequence) return;
  writer.raw(SEQUENCE_KEY);
  writer.varint(sizeOfSequence(sequence));
  const { epoch, n, serial } = sequence;
  writer.at += writer.bytes.write(serial === undefined ? `${epoch}.${n}` : `${epoch}.${n}.${serial}`, writer.at, 'latin1');
}

function sizeOfSequence({ epoch, n, serial }: Sequence): number {
  return digits(epoch) + 1 + digits(n) + (serial === undefined ? 0 : 1 + digits(serial));
}

function digits(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 10; rest /= 10) count += 1;
  return count;
}

/** A service writes a handful of types; the header bytes of each are made once. */
const typeHeaders = new Map<string, Buffer>();

function typeHeader(type: string): Buffer {
  const known = typeHeaders.get(type);
  if (known) return known;
  const made = header('type', type);
  if (typeHeaders.size < 1000) typeHeaders.set(type, made);
  return made;
}

function header(key: string, value: string): Buffer {
  return Buffer.concat([headerText(key), headerText(value)]);
}

function headerText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const writer = new ByteWriter(sizeOfVarint(length) + length);
  writer.varint(length);
  writer.bytes.write(text, writer.at, 'utf8');
  return writer.bytes;
}
