/** CRC-32C (Castagnoli) of `bytes[from, to)`, unsigned. Eight bytes a step by eight tables: about 1 us for 1 KB. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  let at = from;
  for (const last = to - 7; at < last; at += 8) {
    const low = crc ^ (byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24));
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, byteAt(bytes, at + 4)) ^
      entry(2, byteAt(bytes, at + 5)) ^
      entry(1, byteAt(bytes, at + 6)) ^
      entry(0, byteAt(bytes, at + 7));
  }
  for (; at < to; at++) crc = entry(0, crc ^ byteAt(bytes, at)) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

const POLYNOMIAL = 0x82f63b78;
/** Eight tables of 256 entries, one after the other. */
const TABLE = table();

function table(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let crc = n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[n] = crc;
  }
  for (let n = 256; n < tables.length; n++) {
    const before = byteAt(tables, n - 256);
    tables[n] = byteAt(tables, before & 0xff) ^ (before >>> 8);
  }
  return tables;
}

function entry(nth: number, byte: number): number {
  return byteAt(TABLE, (nth << 8) | (byte & 0xff));
}

/** Indices here are within bounds by construction; a check per byte would show. */
function byteAt(bytes: Uint8Array | Int32Array, at: number): number {
  return bytes[at] as number;
}
