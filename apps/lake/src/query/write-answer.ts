import { createReadStream, rmSync } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { DuckDBConnection, Json } from '@duckdb/node-api';

import { LakeFault } from '../fault.ts';
import { assertWhole, type Statement } from './assert-whole.ts';
import type { ArrowOutput } from './formats/arrow-format.ts';
import { csvFormat, jsonFormat, markdownFormat, tableFormat, type Columns, type TextFormat } from './formats/text-formats.ts';
import { quoted } from './locked-database.ts';
import type { Answer, Format } from './messages.ts';

export interface Question extends Statement {
  readonly format: Format;
  readonly mostRows: number;
  readonly scratch: string;
}

type Written = Pick<Answer, 'rows' | 'cutOff'>;

/** Runs a statement that only reads and writes its rows to `to`, at the pace at which they are taken. Throws when not all of them came. */
export async function writeAnswer(connection: DuckDBConnection, question: Question, to: Writable): Promise<Written> {
  if (question.format === 'parquet') return writeParquet(connection, question, to);
  const { sql, values, format, mostRows } = question;
  await connection.run('BEGIN TRANSACTION READ ONLY'); // for `assertWhole`
  const result = await connection.stream(sql, Object.keys(values).length > 0 ? { ...values } : undefined);
  const columns: Columns = { names: result.deduplicatedColumnNames(), types: result.columnTypes() };
  const output = format === 'arrow' ? await arrowOutput(columns, to) : new TextOutput(textFormats[format](columns), to);
  let rows = 0;
  let cutOff = false;
  for await (const page of result.yieldRowsJson()) {
    const wanted = page.slice(0, mostRows - rows);
    rows += wanted.length;
    await output.rows(wanted);
    cutOff = wanted.length < page.length;
    if (cutOff) break;
  }
  if (!cutOff) await assertWhole(connection, question);
  await output.end();
  return { rows, cutOff };
}

const textFormats: Readonly<Record<Exclude<Format, 'parquet' | 'arrow'>, (columns: Columns) => TextFormat>> = {
  csv: csvFormat,
  json: jsonFormat,
  markdown: markdownFormat,
  table: tableFormat,
};

/** Loaded when it is asked for: it would make every query process slower to start. */
async function arrowOutput(columns: Columns, to: Writable): Promise<ArrowOutput> {
  const arrow = await import('./formats/arrow-format.ts');
  return new arrow.ArrowOutput(columns, to);
}

class TextOutput {
  readonly #format: TextFormat;
  readonly #to: Writable;
  #begun = false;

  constructor(format: TextFormat, to: Writable) {
    this.#format = format;
    this.#to = to;
  }

  async rows(rows: readonly (readonly Json[])[]): Promise<void> {
    await this.#write(this.#head() + this.#format.rows(rows));
  }

  async end(): Promise<void> {
    await this.#write(this.#head() + this.#format.tail());
  }

  #head(): string {
    if (this.#begun) return '';
    this.#begun = true;
    return this.#format.head();
  }

  async #write(piece: string): Promise<void> {
    if (piece.length > 0 && !this.#to.write(piece)) await once(this.#to, 'drain');
  }
}

/** DuckDB writes Parquet into a file only; that goes out as it is. */
async function writeParquet(connection: DuckDBConnection, { sql, values, mostRows, scratch }: Question, to: Writable): Promise<Written> {
  if (Object.keys(values).length > 0)
    throw new LakeFault(
      'lake/bad-option',
      'A query with values of its own has no Parquet answer: write the values into the text, or take csv, json or arrow.',
    );
  const file = `${scratch}/answer.parquet`;
  await connection.run(
    `COPY (SELECT * FROM (${withoutSemicolon(sql)}\n) LIMIT ${mostRows + 1}) TO ${quoted(file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  try {
    const counted = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${quoted(file)})`);
    const rows = Number(counted.getRowsJson()[0]?.[0] ?? 0);
    if (rows > mostRows)
      throw new LakeFault(
        'lake/query-overran',
        `The answer has more than ${mostRows} rows: narrow it down, or raise the limit with --rows.`,
      );
    await pipeline(createReadStream(file), to, { end: false });
    return { rows, cutOff: false };
  } finally {
    rmSync(file, { force: true });
  }
}

function withoutSemicolon(sql: string): string {
  return sql.trim().replace(/;\s*$/, '');
}
