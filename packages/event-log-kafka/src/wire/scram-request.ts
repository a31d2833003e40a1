import type { WireRequest } from '../kafkajs/internals.ts';
import { ByteReader } from './byte-reader.ts';

/** A password as the broker keeps it: never the password itself. */
export interface ScramCredential {
  readonly principal: string;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly salted: Buffer;
}

export interface ScramAnswer {
  readonly principal: string;
  readonly errorCode: number;
}

const ALTER_CREDENTIALS = { apiKey: 51, apiVersion: 0, apiName: 'AlterUserScramCredentials' };
const SHA_512 = 2;

/** Sets or replaces passwords. In the compact form of newer requests, which begins with the tags of the request's header. */
export function alterCredentials(credentials: readonly ScramCredential[]): WireRequest<{ readonly results: readonly ScramAnswer[] }> {
  const bytes = Buffer.concat([
    noTags,
    length(0), // nobody is taken away
    length(credentials.length),
    ...credentials.flatMap(({ principal, iterations, salt, salted }) => [
      sized(Buffer.from(principal, 'utf8')),
      Buffer.from([SHA_512]),
      int32(iterations),
      sized(salt),
      sized(salted),
      noTags,
    ]),
    noTags,
  ]);
  return {
    request: { ...ALTER_CREDENTIALS, encode: async () => ({ buf: bytes, buffer: bytes }) },
    response: { decode: async (payload) => decode(new ByteReader(payload)), parse: async (answer) => answer },
  };
}

const noTags = Buffer.from([0]);

/** One more than it is: 0 would be "null". */
function length(count: number): Buffer {
  const bytes: number[] = [];
  let rest = count + 1;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([length(bytes.length), bytes]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function decode(reader: ByteReader): { readonly results: readonly ScramAnswer[]; readonly clientSideThrottleTime: number } {
  skipTags(reader); // of the header
  const clientSideThrottleTime = reader.int32();
  const results: ScramAnswer[] = [];
  for (let left = readLength(reader); left > 0; left -= 1) {
    results.push({ principal: readText(reader), errorCode: reader.int16() });
    readText(reader); // a message with more of the broker's inner life than anybody needs
    skipTags(reader);
  }
  return { results, clientSideThrottleTime };
}

function readText(reader: ByteReader): string {
  const end = readLength(reader);
  const text = reader.bytes.toString('utf8', reader.at, reader.at + Math.max(0, end));
  reader.at += Math.max(0, end);
  return text;
}

/** -1 for "null". */
function readLength(reader: ByteReader): number {
  return readUnsigned(reader) - 1;
}

function readUnsigned(reader: ByteReader): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.int8() & 0xff;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

function skipTags(reader: ByteReader): void {
  for (let left = readUnsigned(reader); left > 0; left -= 1) {
    readUnsigned(reader);
    const size = readUnsigned(reader);
    reader.at += size;
  }
}
