import { connect } from 'node:net';

/** Kafka's wire format, as far as a few questions about a cluster need it. */
export class Fields {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#add(1, (bytes) => bytes.writeInt8(value));
  }

  int16(value: number): this {
    return this.#add(2, (bytes) => bytes.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#add(4, (bytes) => bytes.writeInt32BE(value));
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    this.int16(bytes.length).#parts.push(bytes);
    return this;
  }

  /** Length plus one in a single byte, as newer requests write it: for names below 127 bytes. */
  compactText(value: string): this {
    const bytes = Buffer.from(value);
    this.int8(bytes.length + 1).#parts.push(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(length: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.alloc(length);
    write(bytes);
    this.#parts.push(bytes);
    return this;
  }
}

export class Answer {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#skip(4));
  }

  text(): string | undefined {
    const length = this.int16();
    if (length < 0) return undefined;
    const from = this.#skip(length);
    return this.#bytes.toString('utf8', from, from + length);
  }

  list<Item>(item: () => Item): Item[] {
    return Array.from({ length: Math.max(0, this.int32()) }, item);
  }

  /** Jumps over what nobody asks for. */
  skip(length: number): this {
    this.#skip(length);
    return this;
  }

  #skip(length: number): number {
    const from = this.#at;
    this.#at += length;
    return from;
  }
}

export type Question = {
  readonly apiKey: number;
  readonly version: number;
  /** Newer requests carry an empty field for tags behind their header. */
  readonly flexible?: boolean;
  readonly body: Fields;
};

const answerWithinMs = 3_000;

/** Asks one broker on 127.0.0.1 on a connection of its own; the answer without its header. Rejects when it does not answer in 3 s. */
export function askBroker(port: number, { apiKey, version, flexible = false, body }: Question): Promise<Answer> {
  const header = new Fields().int16(apiKey).int16(version).int32(1).text('instep-cluster');
  if (flexible) header.int8(0);
  const request = Buffer.concat([header.bytes(), body.bytes()]);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(answerWithinMs, () => socket.destroy(new Error(`the broker at ${port} did not answer in ${answerWithinMs} ms`)));
    socket.once('connect', () => socket.write(Buffer.concat([new Fields().int32(request.length).bytes(), request])));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`the broker at ${port} closed the connection`)));
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(new Answer(received.subarray(flexible ? 9 : 8)));
      socket.destroy();
    });
  });
}
