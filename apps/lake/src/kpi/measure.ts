import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { DuckDBType } from '@duckdb/node-api';

import { cellText, isFigure } from '../query/formats/cells.ts';
import type { QueryLimits } from '../query/limits.ts';
import type { Freshness } from '../query/messages.ts';
import { QuerySession } from '../query/query-session.ts';
import type { SqlFile } from '../saved/sql-file.ts';
import type { PlotRow } from './draw.ts';

/** The answer of a query that comes with the program. */
export interface Measured {
  readonly query: SqlFile;
  readonly columns: readonly { readonly name: string; readonly isFigure: boolean }[];
  readonly texts: readonly (readonly string[])[];
  readonly rows: readonly PlotRow[];
  readonly freshness: Freshness;
}

/** Answers the queries one after the other, all on the same state of the lake unless it grows meanwhile. */
export async function measure(
  lake: string,
  queries: readonly SqlFile[],
  limits: QueryLimits,
  onDone?: (measured: Measured) => void,
): Promise<readonly Measured[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'lake-kpi-'));
  const session = await QuerySession.open({ lake: resolve(lake), scratch }, limits);
  try {
    const all: Measured[] = [];
    for (const query of queries) {
      const measured = await session.read(async (freshness) => ({ ...(await answer(session, query)), freshness }));
      onDone?.(measured);
      all.push(measured);
    }
    return all;
  } finally {
    session.connection.closeSync();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function answer(session: QuerySession, query: SqlFile): Promise<Omit<Measured, 'freshness'>> {
  const read = await session.connection.runAndReadAll(query.sql);
  const names = read.deduplicatedColumnNames();
  const types: readonly DuckDBType[] = read.columnTypes();
  const texts = read.getRowsJson().map((row) => row.map((value, index) => cellText(value, types[index])));
  const rows = texts.map((row) =>
    Object.fromEntries(row.map((text, index) => [names[index] ?? '', text === '' ? null : isFigure(types[index]) ? Number(text) : text])),
  );
  return { query, columns: names.map((name, index) => ({ name, isFigure: isFigure(types[index]) })), texts, rows };
}
