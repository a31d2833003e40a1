import { readFileSync } from 'node:fs';

import { Command, InvalidArgumentError, Option } from 'commander';

import { LakeFault } from '../fault.ts';
import { defaultQueryLimits } from '../query/limits.ts';
import { formats } from '../query/messages.ts';
import { kpiFolder, savedQueries } from '../saved/folders.ts';
import { readSqlFiles, type SqlFile } from '../saved/sql-file.ts';
import { ask, assertLake, limitsOf, type AskOptions } from './ask.ts';
import { askAsOf } from './as-of-command.ts';
import { positive } from './export-command.ts';
import type { LakeSettings } from './lake-settings.ts';
import { savedList } from './sql-answer.ts';
import { interactiveShell } from './sql-shell.ts';

interface SqlOptions extends Omit<AskOptions, 'asOf'> {
  readonly command: string | undefined;
  readonly query: string | undefined;
  readonly list: boolean;
  readonly asOf: string | undefined;
  readonly occurred: string | undefined;
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
    .option('--as-of <moment>', 'adds as_of.<department>_<table>: every row of every department as it was known then')
    .option('--occurred <moment>', 'with --as-of: only what had happened by then; folds the history once more, which takes its time')
    .option('--rows <count>', 'most rows of an answer (1000 in a table, else a million)', positive)
    .option('--timeout <seconds>', 'most time of a query', positive, defaultQueryLimits.seconds)
    .option('--memory <megabytes>', 'most memory of a query', positive, defaultQueryLimits.memoryMb)
    .option('--reveal <why>', 'shows personal data, hidden otherwise; who asked what and why is written into reveals.ndjson of the lake')
    .addHelpText('after', examples)
    .action(async (options: SqlOptions) => {
      await runSql(options, settings, signal);
    });
}

const examples = `
Ctrl-C stops a query. Ends with code 1 when a query was refused, failed or was stopped.

Examples:
  npm run sql
  npm run sql -- -c "SELECT status, count(*) FROM orders GROUP BY ALL"
  npm run sql -- -q order-timeline --set order=sample:1001 --format markdown
  npm run sql -- --as-of 2026-11-27T12:00Z -c "SELECT sum(on_hand) FROM as_of.inventory_stock_level"
  npm run sql -- --reveal "request 4711 of a customer" -c "SELECT personal FROM customer_registered"
  npm run sql -- -c "FROM journal_lines" --format parquet --out journal.parquet
  echo "SELECT count(*) FROM events" | npm run --silent sql`;

async function runSql(options: SqlOptions, settings: LakeSettings, signal: AbortSignal): Promise<void> {
  if (options.list) {
    process.stdout.write(`${savedList()}\n`);
    return;
  }
  assertLake(options.lake);
  const given = options.command ?? (options.query === undefined ? undefined : saved(options.query).sql);
  const { asOf: recorded, occurred } = options;
  if (recorded === undefined && occurred !== undefined)
    throw new LakeFault(
      'lake/bad-option',
      '--occurred goes with --as-of: of what was recorded by one moment, what had happened by another.',
    );
  const asked = given ?? (process.stdin.isTTY ? undefined : readFileSync(0, 'utf8'));
  if (asked === undefined) return interactive(options);
  if (recorded === undefined) return ask(asked, questionOf(options), signal);
  return askAsOf(asked, { ...questionOf(options), recorded, occurred }, settings, signal);
}

function interactive({ lake, timeout, memory, rows, reveal, format = 'table', asOf, occurred }: SqlOptions): Promise<void> {
  if (occurred !== undefined)
    throw new LakeFault('lake/bad-option', 'What had happened by a moment is folded for one question: name it with -c or -q.');
  const limits = limitsOf({ timeout, memory, rows, reveal }, format);
  return interactiveShell({ lake, limits, format, reveal, ...(asOf !== undefined && { asOf: { recorded: asOf } }) });
}

function questionOf({ lake, set, format, out, rows, timeout, memory, reveal }: SqlOptions): AskOptions {
  return { lake, set, format, out, rows, timeout, memory, reveal };
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
