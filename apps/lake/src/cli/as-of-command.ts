import { join } from 'node:path';

import { progress, say, table } from '@instep/command-line';
import { withRests } from '@instep/event-log';
import { Command, Option } from 'commander';

import { LakeFault } from '../fault.ts';
import { defaultQueryLimits } from '../query/limits.ts';
import { formats, type Format } from '../query/messages.ts';
import { assertKnown, momentOf } from '../row-history/as-of-views.ts';
import { foldHappenedBy, type HappenedBy, type Moments } from '../row-history/happened-by.ts';
import { historyFolder, readHistory } from '../row-history/history-manifest.ts';
import { viewNameOf, type HistoryTable } from '../row-history/history-table.ts';
import { positive } from './export-command.ts';
import { openHistoryLog, recordsBetweenRests } from './history-log.ts';
import type { LakeSettings } from './lake-settings.ts';
import { ask, assertLake } from './ask.ts';

interface AsOfOptions {
  readonly lake: string;
  readonly recorded: string | undefined;
  readonly occurred: string | undefined;
  readonly where: string | undefined;
  readonly format: Format | undefined;
  readonly out: string | undefined;
  readonly rows: number | undefined;
  readonly reveal: string | undefined;
}

export function asOfCommand(settings: LakeSettings, signal: AbortSignal): Command {
  return new Command('as-of')
    .description('shows a table of a department as it was known at a moment; without a table, what tables there are')
    .argument('[department]', 'such as order-intake')
    .argument('[table]', 'such as order_summary')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--recorded <moment>', 'what was recorded by then; without it as far as the row history goes')
    .option('--occurred <moment>', 'of that only what had happened by then: folds the history once more, which takes its time')
    .option('--where <condition>', 'only these rows, in SQL')
    .addOption(new Option('--format <format>', 'how the answer is written (table on a terminal, csv elsewhere)').choices(formats))
    .option('--out <file>', 'writes the answer into a file')
    .option('--reveal <why>', 'shows personal data, hidden otherwise; who asked what and why is written into reveals.ndjson of the lake')
    .option('--rows <count>', 'most rows of an answer (1000 in a table, else a million)', positive)
    .addHelpText(
      'after',
      `
Moments are UTC unless they say otherwise.

Examples:
  npm run lake -- as-of
  npm run lake -- as-of inventory stock_level --recorded 2026-11-27T12:00Z
  npm run lake -- as-of finance journal_line --recorded "2026-11-27 12:00" --where "account = '4000'" --format csv
  npm run lake -- as-of order-intake order_summary --recorded 2026-11-27T12:00Z --occurred 2026-11-26T18:00Z`,
    )
    .action(async (department: string | undefined, name: string | undefined, options: AsOfOptions) => {
      assertLake(options.lake);
      const history = readHistory(join(options.lake, historyFolder));
      if (department === undefined || name === undefined) say(tablesOf(history.tables));
      else await show(tableOf(history.tables, department, name), options, settings, signal);
    });
}

function tablesOf(tables: readonly HistoryTable[]): string {
  if (tables.length === 0) return 'There is no row history yet: build it with npm run lake -- row-history.';
  const rows = tables.map((each) => [each.department, each.table, each.columns.map(({ name }) => name).join(', ')]);
  return table(['department', 'table', 'columns'], rows);
}

function tableOf(tables: readonly HistoryTable[], department: string, name: string): HistoryTable {
  const found = tables.find((each) => each.department === department && each.table === name);
  if (found !== undefined || tables.length === 0) return found ?? { department, table: name, grows: false, columns: [] };
  throw new LakeFault('lake/bad-option', `${department} has no table "${name}": npm run lake -- as-of lists what there is.`);
}

async function show(asked: HistoryTable, options: AsOfOptions, settings: LakeSettings, signal: AbortSignal): Promise<void> {
  const keys = asked.columns.filter(({ key }) => key).map(({ name }) => `"${name}"`);
  const where = options.where === undefined ? '' : ` WHERE ${options.where}`;
  const sql = `SELECT * FROM as_of.${viewNameOf(asked)}${where} ORDER BY ${keys.join(', ') || '1'}`;
  await askAsOf(sql, options, settings, signal);
}

/** Asks with the rows of all departments as of the two moments. */
export async function askAsOf(
  sql: string,
  options: Omit<AsOfOptions, 'where'> & {
    readonly set?: Readonly<Record<string, string>>;
    readonly timeout?: number;
    readonly memory?: number;
  },
  settings: LakeSettings,
  signal: AbortSignal,
): Promise<void> {
  const { lake, occurred } = options;
  const history = readHistory(join(lake, historyFolder));
  const recorded = options.recorded ?? new Date(history.progress?.upTo ?? 0).toISOString();
  assertKnown(history, momentOf(recorded, 'as of'), lake);
  const asking = {
    ...{ lake, format: options.format, out: options.out, rows: options.rows, set: options.set ?? {}, reveal: options.reveal },
    timeout: options.timeout ?? defaultQueryLimits.seconds,
    memory: options.memory ?? defaultQueryLimits.memoryMb,
  };
  if (occurred === undefined) return ask(sql, { ...asking, asOf: { recorded } }, signal);
  const asOf = await foldShown({ recorded, occurred }, lake, settings, signal);
  try {
    await ask(sql, { ...asking, asOf }, signal);
  } finally {
    asOf.forget();
  }
}

async function foldShown(moments: Moments, lake: string, settings: LakeSettings, signal: AbortSignal): Promise<HappenedBy> {
  const rest = settings.comeLast?.();
  const { log, close } = await openHistoryLog(lake, settings);
  const bar = progress('folding what had happened by then');
  try {
    bar.start(readHistory(join(lake, historyFolder)).progress?.records ?? 0);
    return await foldHappenedBy(lake, moments, {
      log: withRests(log, { rest, every: recordsBetweenRests }),
      signal,
      onProgress: (count) => bar.add(count),
    });
  } finally {
    bar.stop();
    await close();
  }
}
