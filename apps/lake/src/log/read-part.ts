import { DuckDBBlobVector, type DuckDBConnection } from '@duckdb/node-api';
import type { LogRecord } from '@instep/event-log';

import type { LakeFile } from '../manifest/lake-file.ts';
import { damaged } from './damaged.ts';
import { eachRecord, linesOf, withoutLine } from './lines.ts';
import type { Part } from './parts.ts';
import { recordOf, rowColumns } from './record-of-row.ts';

/** Records that are given out together. */
const batch = 1_000;

/** Up to where the values from this offset on have so many bytes, about: as many whole batches, and one at least. */
export function stepEnd({ rows, valueBytes }: LakeFile, from: number, bytes: number): number {
  const records = (bytes * rows) / Math.max(1, valueBytes);
  return Math.max(Math.floor((from + records) / batch), Math.floor(from / batch) + 1) * batch;
}

/**
 * Reads the records of a part, of one file, and gives a function that gives them in the order of their offsets. It throws `LakeFault` when one
 * is missing or there twice.
 */
export async function readPart(
  connection: DuckDBConnection,
  file: LakeFile,
  { source, first, end }: Part,
): Promise<() => Generator<readonly LogRecord[]>> {
  const where = `off >= ${first} AND off < ${end}`;
  const { pieces, unwritten } = await readLines(connection, linesOf(source, where, batch));
  const rest = new Map<number, LogRecord>();
  if (unwritten > 0) {
    const rows = await connection.stream(`SELECT ${rowColumns} FROM ${source} WHERE ${withoutLine(where)}`);
    for (let chunk = await rows.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await rows.fetchChunk()) {
      for (const row of chunk.getRows()) {
        const record = recordOf(file, row);
        rest.set(record.offset, record);
      }
    }
  }
  return function* () {
    for (let from = first; from < end;) {
      const piece = Math.floor(from / batch);
      const to = Math.min(end, (piece + 1) * batch);
      yield inOrder(file, pieces.get(piece), rest, from, to);
      pieces.delete(piece);
      from = to;
    }
  };
}

/** The lines of each piece, and how many of them have no value. */
async function readLines(connection: DuckDBConnection, sql: string): Promise<{ pieces: Map<number, Buffer>; unwritten: number }> {
  const pieces = new Map<number, Buffer>();
  let unwritten = 0;
  const result = await connection.run(sql);
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const [numbers, without, lines] = [chunk.getColumnValues(0), chunk.getColumnValues(2), chunk.getColumnVector(1)];
    if (!(lines instanceof DuckDBBlobVector)) throw new Error('lines are no bytes');
    for (let row = 0; row < chunk.rowCount; row += 1) {
      // The one copy that is made of them.
      const bytes = lines.getItemBytes(row);
      if (bytes) pieces.set(Number(numbers[row]), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      unwritten += Number(without[row]);
    }
  }
  return { pieces, unwritten };
}

/** Records `from` up to but not including `to`, each in its place. */
function inOrder(
  file: LakeFile,
  lines: Buffer | undefined,
  rest: ReadonlyMap<number, LogRecord>,
  from: number,
  to: number,
): readonly LogRecord[] {
  const records = new Array<LogRecord | undefined>(to - from);
  eachRecord(file, lines ?? Buffer.alloc(0), (record, isWhole) => {
    const { offset } = record;
    if (offset < from || offset >= to || records[offset - from]) throw damaged(file, `it has offset ${offset} twice`);
    records[offset - from] = isWhole ? record : rest.get(offset);
  });
  return records.map((record, index) => {
    if (record) return record;
    throw damaged(file, `it has no offset ${from + index}`);
  });
}
