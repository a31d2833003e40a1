import { createInterface } from 'node:readline/promises';
import { pipeline } from 'node:stream/promises';

import { LakeFault } from '../fault.ts';
import type { QueryLimits } from '../query/limits.ts';
import { formats, type Format } from '../query/messages.ts';
import { recordReveal } from '../personal/reveals.ts';
import { QueryProcess } from '../query/query-runner.ts';
import type { AsOf } from '../row-history/as-of-views.ts';
import { savedList, showProgress, summary } from './sql-answer.ts';

export interface Shell {
  readonly lake: string;
  readonly limits: QueryLimits;
  readonly format: Format;
  /** Why personal data is to be seen. Hidden without. */
  readonly reveal: string | undefined;
  /** With the rows of all departments as of this moment. */
  readonly asOf?: AsOf;
}

const help = `A statement ends with a semicolon. Ctrl-C stops a query, Ctrl-D leaves.
  \\d            views               \\d <view>    columns of a view
  \\q            leaves              \\queries     saved queries and KPIs
  \\format <f>   ${formats.filter((name) => name !== 'parquet' && name !== 'arrow').join(', ')}`;

/** Reads statements from the terminal until it is left. Each is answered by a process of its own; the next one is started meanwhile. */
export async function interactiveShell({ lake, limits, format: begunWith, reveal, asOf }: Shell): Promise<void> {
  let format = begunWith;
  let next = QueryProcess.start(lake, limits, asOf);
  let running: AbortController | undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout, historySize: 500 });
  terminal.on('SIGINT', () => (running ? running.abort() : terminal.close()));
  // Ctrl-D is heard while a query runs too; what was typed before is still answered.
  let left = false;
  terminal.once('close', () => (left = true));
  const ask = async (sql: string): Promise<void> => {
    const asked = next;
    next = QueryProcess.start(lake, limits, asOf);
    running = new AbortController();
    try {
      if (reveal !== undefined) recordReveal(lake, reveal, sql);
      const { bytes, done } = asked.ask({ sql, format, signal: running.signal, onProgress: showProgress });
      const [answer] = await Promise.all([done, pipeline(bytes, process.stdout, { end: false })]);
      process.stdout.write(summary(answer));
    } catch (error) {
      if (!(error instanceof LakeFault)) throw error;
      process.stdout.write(`${error.message}\n`);
    } finally {
      running = undefined;
    }
  };
  process.stdout.write(`The lake in ${lake}. \\? for help.\n`);
  let statement = '';
  const prompt = (): void => {
    if (left) return;
    terminal.setPrompt(statement === '' ? 'lake> ' : '  ... ');
    terminal.prompt();
  };
  prompt();
  try {
    for await (const line of terminal) {
      statement = statement === '' ? line.trim() : `${statement}\n${line}`;
      const read = commandIn(statement);
      if (read?.kind === 'leave') return;
      if (read?.kind === 'format') format = read.format;
      if (read?.kind === 'say') process.stdout.write(`${read.text}\n`);
      if (read?.kind === 'ask') await ask(read.sql);
      if (read) statement = '';
      prompt();
    }
  } finally {
    terminal.close();
    next.end();
  }
}

/** Undefined as long as a statement is not complete. */
function commandIn(text: string): ShellCommand | undefined {
  if (text.startsWith('\\')) return shellCommand(text);
  return text.endsWith(';') ? { kind: 'ask', sql: text } : undefined;
}

type ShellCommand =
  | { readonly kind: 'leave' }
  | { readonly kind: 'format'; readonly format: Format }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'ask'; readonly sql: string };

/** What a line that begins with a backslash asks for. */
function shellCommand(line: string): ShellCommand {
  const [name = '', argument] = line.slice(1).trim().split(/\s+/);
  if (name === 'q') return { kind: 'leave' };
  if (name === 'queries') return { kind: 'say', text: savedList() };
  if (name === 'd' && argument === undefined)
    return {
      kind: 'ask',
      sql: 'SELECT view_name AS view, column_count AS columns FROM duckdb_views() WHERE NOT internal ORDER BY view_name',
    };
  if (name === 'd' && argument !== undefined && /^\w+$/.test(argument))
    return {
      kind: 'ask',
      sql: `SELECT column_name AS "column", data_type AS type FROM duckdb_columns() WHERE table_name = '${argument}' ORDER BY column_index`,
    };
  const format = formats.find((known) => known === argument && known !== 'parquet' && known !== 'arrow');
  if (name === 'format' && format) return { kind: 'format', format };
  return { kind: 'say', text: help };
}
