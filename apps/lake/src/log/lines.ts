import type { LogRecord, Sequence, TopicPartition } from '@instep/event-log';

import { valueInSql } from './value-in-sql.ts';

/**
 * Rows reach JavaScript as lines, a thousand in one piece: numbers, then the texts one behind the other, as long as the numbers say. A call into
 * DuckDB for each cell and the garbage of it were most of what reading cost (measured: 13 µs of CPU for a record, 4 as lines).
 */
const numbers = [
  ...['off', 'epoch_ms(appended_at)', 'epoch', 'seq', 'serial'],
  ...['strlen(key)', 'strlen(type)', 'strlen(header_type)', 'strlen(whole)'],
];
const line = `concat(${numbers.join(`, ' ', `)}, ' ', key, type, header_type, whole)`;

/**
 * Lines of these rows, those of `size` offsets in one piece: the number of the piece, its bytes, and how many rows have no value that SQL can
 * write. The lines of a piece come in no order.
 */
export function linesOf(source: string, where: string, size: number): string {
  return `SELECT (off // ${size})::INTEGER, encode(string_agg(${line}, '')), count(*) FILTER (whole IS NULL)::INTEGER
    FROM (SELECT off, appended_at, epoch, seq, serial, key, type, header_type, ${valueInSql} AS whole FROM ${source} WHERE ${where})
    GROUP BY 1`;
}

/** Which rows of `where` have no value in their line. */
export function withoutLine(where: string): string {
  return `${where} AND (${valueInSql}) IS NULL`;
}

const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;

const NOTHING = Buffer.alloc(0);

/** Calls `take` with the record of each line. `isWhole`: false when the line does not have its value. */
export function eachRecord({ topic, partition }: TopicPartition, lines: Buffer, take: (record: LogRecord, isWhole: boolean) => void): void {
  const found = new Float64Array(numbers.length);
  let at = 0;
  while (at < lines.length) {
    at = readNumbers(lines, at, found);
    const [offset = 0, timestamp = 0, epoch = 0, n = 0, serial = 0, ofKey = 0, ofType = 0, ofHeader = 0, ofValue = 0] = found;
    const [keyEnd, typeEnd] = [at + ofKey, at + ofKey + (ofType || 0)];
    const headerEnd = typeEnd + (ofHeader || 0);
    const end = headerEnd + (ofValue || 0);
    const key = lines.toString('utf8', at, keyEnd);
    const type = typeOf(lines, keyEnd, typeEnd, headerEnd, ofType, ofHeader);
    const isWhole = !Number.isNaN(ofValue);
    const value = isWhole ? lines.subarray(headerEnd, end) : NOTHING;
    take({ topic, partition, offset, key, timestamp, type, sequence: sequenceOf(epoch, n, serial), value }, isWhole);
    at = end;
  }
}

/** Whole numbers, each with a space behind it; NaN where there is none. Gives the place behind them. */
function readNumbers(lines: Buffer, from: number, into: Float64Array): number {
  let at = from;
  for (let index = 0; index < into.length; index += 1) {
    let number = 0;
    let sign = 1;
    const begin = at;
    for (let byte = lines[at] ?? SPACE; byte !== SPACE; byte = lines[at] ?? SPACE) {
      if (byte === MINUS) sign = -1;
      else number = number * 10 + byte - ZERO;
      at += 1;
    }
    into[index] = at === begin ? Number.NaN : sign * number;
    at += 1;
  }
  return at;
}

/** The header as it was; where it was the type of the event, it was not kept. */
function typeOf(lines: Buffer, keyEnd: number, typeEnd: number, headerEnd: number, ofType: number, ofHeader: number): string | undefined {
  if (Number.isNaN(ofHeader)) return Number.isNaN(ofType) ? undefined : lines.toString('utf8', keyEnd, typeEnd);
  return ofHeader === 0 ? undefined : lines.toString('utf8', typeEnd, headerEnd);
}

function sequenceOf(epoch: number, n: number, serial: number): Sequence | undefined {
  if (Number.isNaN(epoch) || Number.isNaN(n)) return undefined;
  return Number.isNaN(serial) ? { epoch, n } : { epoch, n, serial };
}
