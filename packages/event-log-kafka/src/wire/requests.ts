import { partitionName, type LogRecord } from '@instep/event-log';
import type { Broker, WireRequest } from '../kafkajs/internals.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter, sizeOfString } from './byte-writer.ts';
import { decodeRecordSet } from './record-set.ts';

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' };
const FETCH = { apiKey: 1, apiVersion: 11, apiName: 'Fetch' };

/** Throws where a broker does not speak the two requests that are written here. Brokers from 2.3 to 4.x do. */
export function assertSpoken(broker: Broker): void {
  for (const { apiKey, apiVersion, apiName } of [PRODUCE, FETCH]) {
    const range = broker.versions?.[apiKey];
    if (!range || range.minVersion > apiVersion || range.maxVersion < apiVersion) {
      throw new Error(`the broker does not take ${apiName} version ${apiVersion} (it takes ${range?.minVersion} to ${range?.maxVersion})`);
    }
  }
}

export interface ProducePart {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
}

export interface ProducePartAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: number;
}

/** Appends one batch to each of several partitions that one broker leads; acknowledged by all in-sync replicas. */
export function produceRequest(
  parts: readonly ProducePart[],
  ackTimeoutMs: number,
): WireRequest<{ readonly parts: readonly ProducePartAnswer[] }> {
  return {
    request: {
      ...PRODUCE,
      encode: async () => {
        const size = parts.reduce((sum, part) => sum + sizeOfString(part.topic) + 12 + part.batch.length, 12);
        const writer = new ByteWriter(size);
        writer.int16(-1); // no transaction
        writer.int16(-1); // acks: all
        writer.int32(ackTimeoutMs);
        writer.int32(parts.length);
        for (const { topic, partition, batch } of parts) {
          writer.string(topic);
          writer.int32(1);
          writer.int32(partition);
          writer.int32(batch.length);
          writer.raw(batch);
        }
        return encoded(writer);
      },
    },
    response: { decode: async (payload) => decodeProduce(new ByteReader(payload)), parse: async (answer) => answer },
    requestTimeout: ackTimeoutMs,
  };
}

function decodeProduce(reader: ByteReader) {
  const parts: ProducePartAnswer[] = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topic = reader.string();
    for (let partitions = reader.int32(); partitions > 0; partitions--) {
      parts.push({ topic, partition: reader.int32(), errorCode: reader.int16(), baseOffset: reader.int64() });
      reader.at += 16; // append time, log start offset
    }
  }
  return { parts, clientSideThrottleTime: reader.int32() };
}

export interface FetchPart {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface FetchPartAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** The offset that the next record will get. */
  readonly logEnd: number;
  readonly records: readonly LogRecord[];
  /** Where to fetch next. */
  readonly nextOffset: number;
}

export interface FetchLimits {
  /** How long the broker may wait for a first record. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
}

/** Records of several partitions that one broker leads. */
export function fetchRequest(
  parts: readonly FetchPart[],
  limits: FetchLimits,
): WireRequest<{ readonly parts: readonly FetchPartAnswer[] }> {
  return {
    request: {
      ...FETCH,
      encode: async () => {
        const size = parts.reduce((sum, part) => sum + sizeOfString(part.topic) + 32, 35);
        const writer = new ByteWriter(size);
        writer.int32(-1); // a client, not a replica
        writer.int32(limits.maxWaitMs);
        writer.int32(1); // answer at the first byte
        writer.int32(limits.maxBytes);
        writer.int8(0); // no transactions: read what is replicated
        writer.int32(0);
        writer.int32(-1); // no fetch session
        writer.int32(parts.length);
        for (const { topic, partition, offset } of parts) {
          writer.string(topic);
          writer.int32(1);
          writer.int32(partition);
          writer.int32(-1); // leader epoch: do not compare
          writer.int64(BigInt(offset));
          writer.int64(-1n);
          writer.int32(limits.maxBytesPerPartition);
        }
        writer.int32(0);
        writer.int16(0); // no rack
        return encoded(writer);
      },
    },
    response: {
      decode: async (payload) => decodeFetch(new ByteReader(payload), new Map(parts.map((part) => [partitionName(part), part.offset]))),
      parse: async (answer) => answer,
    },
    requestTimeout: limits.maxWaitMs + 1000,
  };
}

function decodeFetch(reader: ByteReader, startAt: ReadonlyMap<string, number>) {
  const clientSideThrottleTime = reader.int32();
  reader.at += 6; // error of the (unused) fetch session, its id
  const parts: FetchPartAnswer[] = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topic = reader.string();
    for (let partitions = reader.int32(); partitions > 0; partitions--) {
      const partition = reader.int32();
      const errorCode = reader.int16();
      const logEnd = reader.int64();
      reader.at += 16; // last stable offset, log start offset
      const aborted = Math.max(0, reader.int32());
      reader.at += 16 * aborted; // aborted transactions
      reader.at += 4; // preferred read replica
      const size = Math.max(0, reader.int32());
      const from = reader.at;
      reader.at += size;
      const target = { topic, partition };
      const asked = startAt.get(partitionName(target)) ?? 0;
      parts.push({ topic, partition, errorCode, logEnd, ...decodeRecordSet(reader.bytes, from, from + size, target, asked) });
    }
  }
  return { parts, clientSideThrottleTime };
}

function encoded(writer: ByteWriter): { readonly buf: Buffer; readonly buffer: Buffer } {
  return { buf: writer.bytes, buffer: writer.bytes };
}
