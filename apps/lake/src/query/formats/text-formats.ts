import type { DuckDBType, Json } from '@duckdb/node-api';
import Table from 'cli-table3';

import { LakeFault } from '../../fault.ts';
import { cellJson, cellText, isFigure } from './cells.ts';

export interface Columns {
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
}

/** Turns rows into text, piece by piece. */
export interface TextFormat {
  head(): string;
  rows(rows: readonly (readonly Json[])[]): string;
  tail(): string;
}

/** RFC 4180: what holds a comma, a quote or a line break is quoted; NULL is empty, an empty text is quoted. */
export function csvFormat({ names, types }: Columns): TextFormat {
  const cell = (value: Json, index: number): string => (value === '' ? '""' : csvCell(cellText(value, types[index])));
  return {
    head: () => `${names.map(csvCell).join(',')}\r\n`,
    rows: (rows) => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join(''),
    tail: () => '',
  };
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An array of objects, one on each line. */
export function jsonFormat({ names, types }: Columns): TextFormat {
  let first = true;
  return {
    head: () => '[',
    rows: (rows) =>
      rows
        .map((row) => {
          const separator = first ? '\n' : ',\n';
          first = false;
          return (
            separator + JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cellJson(row[index] ?? null, types[index])])))
          );
        })
        .join(''),
    tail: () => '\n]\n',
  };
}

export function markdownFormat({ names, types }: Columns): TextFormat {
  const cell = (value: Json, index: number): string => cellText(value, types[index]).replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' ');
  return {
    head: () => `| ${names.join(' | ')} |\n|${types.map((type) => (isFigure(type) ? ' --: ' : ' --- ')).join('|')}|\n`,
    rows: (rows) => rows.map((row) => `| ${row.map(cell).join(' | ')} |\n`).join(''),
    tail: () => '',
  };
}

const widest = 60;
/** Nobody reads more on a screen, and the columns are measured by all of them. */
const mostTableRows = 50_000;

/** For people: all rows are kept until the end, the columns are as wide as the widest. */
export function tableFormat({ names, types }: Columns): TextFormat {
  const table = new Table({
    head: [...names],
    colAligns: types.map((type) => (isFigure(type) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  return {
    head: () => '',
    rows: (rows) => {
      if (table.length + rows.length > mostTableRows)
        throw new LakeFault(
          'lake/query-overran',
          `A table for people has at most ${mostTableRows} rows: narrow it down, or take csv, json, arrow or parquet.`,
        );
      for (const row of rows) table.push(row.map((value, index) => shortened(cellText(value, types[index]))));
      return '';
    },
    tail: () => `${table.toString()}\n`,
  };
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line;
}
