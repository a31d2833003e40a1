import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Command, InvalidArgumentError, Option } from 'commander';

import { LakeFault } from '../fault.ts';
import { manifestPath } from '../manifest/manifest-file.ts';
import { defaultQueryLimits, type QueryLimits } from '../query/limits.ts';
import { formats, type Format } from '../query/messages.ts';
import { QueryProcess } from '../query/query-runner.ts';
import { kpiFolder, savedQueries } from '../saved/folders.ts';
import { readSqlFiles, type SqlFile } from '../saved/sql-file.ts';
import { positive } from './export-command.ts';
import type { LakeSettings } from './lake-settings.ts';
import { savedList, showProgress, summary } from './sql-answer.ts';
import { interactiveShell } from './sql-shell.ts';

interface SqlOptions {
  readonly lake: string;
  readonly command: string | undefined;
  readonly query: string | undefined;
  readonly list: boolean;
  readonly set: Readonly<Record<string, string>>;
  readonly format: Format | undefined;
  readonly out: string | undefined;
  readonly rows: number | undefined;
  readonly timeout: number;
  readonly memory: number;
}

export function sqlCommand(settings: LakeSettings, signal: AbortSignal): Command {
  return new Command('sql')
    .description('asks the lake in SQL, in a process of its own that can read the lake and nothing else; without -c and -q interactively')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('-c, --command <sql>', 'one statement')
    .option('-q, --query <name>', 'a saved query or KPI, see --list')
    .option('--list', 'lists the saved queries and KPIs', false)
    .option('--set <name=value>', 'value for $name in the statement; again for more', setting, {})
    .addOption(new Option('--format <format>', 'how the answer is written (table on a terminal, csv elsewhere)').choices(formats))
    .option('--out <file>', 'writes the answer into a file')
    .option('--rows <count>', 'most rows of an answer (1000 in a table, else a million)', positive)
    .option('--timeout <seconds>', 'most time of a query', positive, defaultQueryLimits.seconds)
    .option('--memory <megabytes>', 'most memory of a query', positive, defaultQueryLimits.memoryMb)
    .addHelpText('after', examples)
    .action(async (options: SqlOptions) => {
      await runSql(options, signal);
    });
}

const examples = `
Ctrl-C stops a query. Ends with code 1 when a query was refused, failed or was stopped.

Examples:
  npm run sql
  npm run sql -- -c "SELECT status, count(*) FROM orders GROUP BY ALL"
  npm run sql -- -q order-timeline --set order=sample:1001 --format markdown
  npm run sql -- -c "FROM journal_lines" --format parquet --out journal.parquet
  echo "SELECT count(*) FROM events" | npm run --silent sql`;

async function runSql(options: SqlOptions, signal: AbortSignal): Promise<void> {
  if (options.list) {
    process.stdout.write(`${savedList()}\n`);
    return;
  }
  assertLake(options.lake);
  const given = options.command ?? (options.query === undefined ? undefined : saved(options.query).sql);
  if (given !== undefined) return ask(given, options, signal);
  if (process.stdin.isTTY)
    return interactiveShell({
      lake: options.lake,
      limits: limitsOf(options, options.format ?? 'table'),
      format: options.format ?? 'table',
    });
  return ask(readFileSync(0, 'utf8'), options, signal);
}

async function ask(sql: string, options: SqlOptions, signal: AbortSignal): Promise<void> {
  const format = options.format ?? (process.stdout.isTTY && options.out === undefined ? 'table' : 'csv');
  const binary = format === 'parquet' || format === 'arrow';
  if (binary && options.out === undefined && process.stdout.isTTY)
    throw new LakeFault('lake/bad-option', `${format} is not for a terminal: name a file with --out, or send the output on.`);
  const question = QueryProcess.start(options.lake, limitsOf(options, format));
  const { bytes, done } = question.ask({ sql, values: options.set, format, signal, onProgress: showProgress });
  const to: Writable = options.out === undefined ? process.stdout : createWriteStream(options.out);
  const [answer] = await Promise.all([done, pipeline(bytes, to, { end: options.out !== undefined })]);
  process.stderr.write(summary(answer));
}

function limitsOf(options: Pick<SqlOptions, 'timeout' | 'memory' | 'rows'>, format: Format): QueryLimits {
  const rows = options.rows ?? (format === 'table' ? 1000 : defaultQueryLimits.rows);
  return { ...defaultQueryLimits, seconds: options.timeout, memoryMb: options.memory, rows };
}

export function assertLake(folder: string): void {
  if (!existsSync(manifestPath(folder)))
    throw new LakeFault(
      'lake/empty',
      `There is no lake in ${folder}: make it with npm run lake -- export, or name its folder with --lake.`,
    );
}

function saved(name: string): SqlFile {
  const all = [...readSqlFiles(savedQueries), ...readSqlFiles(kpiFolder)];
  const found = all.find((query) => query.name === name);
  if (found) return found;
  throw new LakeFault('lake/bad-option', `There is no saved query "${name}": npm run sql -- --list shows what there is.`);
}

function setting(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [name]: value };
}
