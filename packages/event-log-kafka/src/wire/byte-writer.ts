/** Writes Kafka's primitive types into one buffer of known size. */
export class ByteWriter {
  readonly bytes: Buffer;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  int8(value: number): void {
    this.bytes[this.at++] = value & 0xff;
  }

  int16(value: number): void {
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.bytes.writeBigInt64BE(value, this.at);
  }

  /** Length as int16, then UTF-8. */
  string(value: string): void {
    const length = this.bytes.write(value, this.at + 2, 'utf8');
    this.int16(length);
    this.at += length;
  }

  raw(value: Uint8Array): void {
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  /** Zigzag varint of a small non-negative number. */
  varint(value: number): void {
    let rest = value * 2;
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }
}

export function sizeOfString(value: string): number {
  return 2 + Buffer.byteLength(value);
}

/** Bytes that `varint` takes for a non-negative number. */
export function sizeOfVarint(value: number): number {
  let rest = value * 2;
  let size = 1;
  while (rest > 0x7f) {
    size += 1;
    rest >>>= 7;
  }
  return size;
}
