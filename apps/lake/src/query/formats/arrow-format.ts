import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { DuckDBTypeId, type DuckDBType, type Json } from '@duckdb/node-api';
import {
  Bool,
  Field,
  Float64,
  Int64,
  RecordBatchStreamWriter,
  Schema,
  Table,
  TimestampMicrosecond,
  Utf8,
  vectorFromArray,
  type DataType,
} from 'apache-arrow';

import { cellText } from './cells.ts';
import type { Columns } from './text-formats.ts';

/** Writes an Arrow stream, one record batch for each page of rows. Exact decimals and nested values go as text: an Arrow reader keeps them so. */
export class ArrowOutput {
  readonly #writer = new RecordBatchStreamWriter();
  readonly #types: readonly DataType[];
  readonly #columns: Columns;
  /** One for all batches: a writer ends its stream at a batch of another schema, and by itself a column is nullable only where it holds a null. */
  readonly #schema: Schema;
  readonly #to: Writable;
  readonly #sent: Promise<void>;

  constructor(columns: Columns, to: Writable) {
    this.#columns = columns;
    this.#types = columns.types.map(arrowType);
    this.#schema = new Schema(columns.names.map((name, index) => new Field(name, this.#types[index] ?? new Utf8(), true)));
    this.#to = to;
    this.#sent = pipeline(Readable.from(this.#writer), to, { end: false });
    this.#sent.catch(() => undefined); // `end` tells
    this.#write([]);
  }

  async rows(rows: readonly (readonly Json[])[]): Promise<void> {
    if (rows.length > 0) this.#write(rows);
    if (this.#to.writableNeedDrain) await once(this.#to, 'drain');
  }

  async end(): Promise<void> {
    this.#writer.finish();
    await this.#sent;
  }

  /** Batch by batch: a table handed over whole would end the stream. */
  #write(rows: readonly (readonly Json[])[]): void {
    for (const batch of this.#table(rows).batches) this.#writer.write(batch);
  }

  #table(rows: readonly (readonly Json[])[]): Table {
    const { names, types } = this.#columns;
    const vectors = this.#types.map((type, index) =>
      vectorFromArray(
        rows.map((row) => arrowValue(row[index] ?? null, types[index])),
        type,
      ),
    );
    return new Table(this.#schema, Object.fromEntries(names.map((name, index) => [name, vectors[index]])) as never);
  }
}

const whole = new Set<DuckDBTypeId>([DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER, DuckDBTypeId.BIGINT]);
const times = new Set<DuckDBTypeId>([DuckDBTypeId.TIMESTAMP, DuckDBTypeId.TIMESTAMP_TZ]);

function arrowType(type: DuckDBType): DataType {
  if (whole.has(type.typeId)) return new Int64();
  if (times.has(type.typeId)) return new TimestampMicrosecond('UTC');
  if (type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT) return new Float64();
  return type.typeId === DuckDBTypeId.BOOLEAN ? new Bool() : new Utf8();
}

function arrowValue(value: Json, type: DuckDBType | undefined): unknown {
  if (value === null || type === undefined) return null;
  if (whole.has(type.typeId)) return BigInt(cellText(value, type));
  // Milliseconds since 1970, also for finer units: that is what this library takes.
  if (times.has(type.typeId)) return Date.parse(`${cellText(value, type).replace(' ', 'T').replace(/\+00$/, '')}Z`);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return cellText(value, type);
}
