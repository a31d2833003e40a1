import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';

/** Flips one bit of a file where it lies, as a careless program or a bad copy would; gives what puts it back. */
export function flipBit(path: string, at: number, bit = 0): () => void {
  const flip = (): void => {
    const descriptor = openSync(path, 'r+');
    const byte = Buffer.alloc(1);
    readSync(descriptor, byte, 0, 1, at);
    byte.writeUInt8(byte.readUInt8() ^ (1 << bit));
    const before = statSync(path, { bigint: true }).ctimeNs;
    // The clock of a file system may stand still for some milliseconds.
    do writeSync(descriptor, byte, 0, 1, at);
    while (statSync(path, { bigint: true }).ctimeNs === before);
    closeSync(descriptor);
  };
  flip();
  return flip;
}

/** Places spread over a file, behind its first bytes and before what Parquet has at the end of it. */
export function placesIn(bytes: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(16 + ((bytes * 0.8 - 16) * (index + 0.5)) / count));
}
