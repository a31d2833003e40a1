import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { duration, figure, type Progress, progress, say, table } from '@instep/command-line';
import { withRests } from '@instep/event-log';
import { replaceFile } from '@instep/lake/log';
import { isNegative, round, type Decimal } from '@instep/values';
import { Command } from 'commander';

import { asReplayFault } from '../fault.ts';
import { historyUpTo } from '../selection/moment.ts';
import { openSource } from '../source/source.ts';
import type { Answer, WhatIf } from '../what-if/ask-what-if.ts';
import { folder, positive, time } from './selecting.ts';
import type { ReplaySettings } from './settings.ts';

/** Beside the files of the lake; the lake passes over it. */
const FOLDER = '.what-if';
const REPORT = 'report.json';
const DAY_MS = 86_400_000;

interface Options {
  readonly set: readonly string[];
  readonly remove: readonly string[];
  readonly add?: string;
  readonly department: readonly string[];
  readonly until?: number;
  readonly lake: string;
  readonly log: boolean;
  readonly json: boolean;
  readonly keep: number;
}

const several = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export function whatIfCommand(settings: ReplaySettings): Command {
  return new Command('what-if')
    .description('decides history once more with something changed, in memory, and says what would have come of it')
    .option('--set <rule=±n%>', 'inventory.safetyStock, inventory.unitCost, sales.price or hr.commissionRate; may be repeated', several, [])
    .option('--remove <id or key>', 'something that came from outside and did not come here; may be repeated', several, [])
    .option('--add <file>', 'events from outside that came as well: one JSON document a line', folder)
    .option('--department <name=file>', 'another version of a department: its compose.js; may be repeated', several, [])
    .option('--until <time>', 'history up to this time', time('--until'))
    .option('--keep <days>', 'both histories are kept as lakes for so long', positive, 7)
    .option('--json', 'the whole report as JSON', false)
    .option('--lake <folder>', 'folder of the lake', folder, settings.lake)
    .option('--no-log', 'ends where the lake ends: reads nothing of the log itself')
    .addHelpText(
      'after',
      `
Without a change it shows that history decided once more is history.

Examples:
  npm run replay -- what-if --set inventory.safetyStock=+5%
  npm run replay -- what-if --set sales.price=-10% --until 2026-03-01 --json
  npm run replay -- what-if --remove sample:9000003
  npm run replay -- what-if --department inventory=../earlier/apps/inventory/dist/compose.js`,
    )
    .action(async (options: Options) => {
      await runWhatIf(options, settings);
    });
}

async function runWhatIf(options: Options, settings: ReplaySettings): Promise<void> {
  removeExpired(options.lake);
  const begun = performance.now();
  // Brings in every department: only who needs it waits for that.
  const { askWhatIf } = await import('../what-if/ask-what-if.ts');
  const whatIf = await wanted(options);
  const rest = settings.comeLast?.();
  const opened = await openSource({ lake: options.lake, brokers: options.log ? settings.brokers : undefined, threads: rest ? 1 : 2 });
  const source = { ...opened, log: withRests(opened.log, { rest }) };
  const place = join(options.lake, FOLDER, `w${Date.now().toString(36)}`);
  try {
    const ranges = await historyUpTo(source, options.until);
    const bars = shownInTurn();
    const answer = await askWhatIf(whatIf, { source, ranges, folder: place, progress: (...step) => bars.show(...step) });
    bars.stop();
    const expires = new Date(Date.now() + options.keep * DAY_MS).toISOString();
    const changes = changesText(options);
    replaceFile(join(place, REPORT), `${JSON.stringify({ changes, expires, ...answer }, undefined, 2)}\n`);
    if (options.json) say(JSON.stringify({ changes, expires, ...answer }));
    else tell(answer, changes, (performance.now() - begun) / 1000, place);
  } catch (error) {
    rmSync(place, { recursive: true, force: true });
    throw asReplayFault(error, place);
  } finally {
    await source.close();
  }
}

async function wanted({ set, remove, add, department }: Options): Promise<WhatIf> {
  const [{ readSetting }, { readAdded, readDepartment }] = await Promise.all([
    import('../what-if/rules.ts'),
    import('../what-if/wanted.ts'),
  ]);
  return {
    settings: set.map(readSetting),
    removed: remove,
    added: add === undefined ? [] : readAdded(add),
    departments: new Map(await Promise.all(department.map(readDepartment))),
  };
}

function changesText({ set, remove, add, department }: Options): readonly string[] {
  return [...set, ...remove.map((each) => `without ${each}`), ...(add === undefined ? [] : [`with ${add}`]), ...department];
}

function tell(
  { read, faithfulness, tables, events, effects, refused }: Answer,
  changes: readonly string[],
  seconds: number,
  place: string,
): void {
  const { recorded, otherwise, beyond } = faithfulness;
  say(
    `${figure(read)} records, decided twice in ${duration(seconds)}: as it was, and ${changes.length === 0 ? 'as it was once more' : changes.join(', ')}`,
  );
  const ahead = beyond === 0 ? '' : `; ${figure(beyond)} more follow from what had not been read yet`;
  if (otherwise.length === 0) say(`As it was, all ${figure(recorded)} events of the departments come out as they were recorded${ahead}.`);
  else
    say(
      `! As it was, ${figure(otherwise.length)} of ${figure(recorded)} events come out otherwise than they were recorded (${otherwise.slice(0, 3).join(', ')}): take the differences below with care${ahead}.`,
    );
  const differing = tables.filter((each) => each.onlyAsItWas + each.onlyHere + each.changed > 0);
  if (differing.length === 0) say(`No difference: ${figure(tables.length)} tables and kinds of streams are the same, row for row.`);
  else {
    say(
      table(
        ['department', 'table', 'rows', 'only as it was', 'only here', 'changed', 'for example'],
        differing.map((each) => [
          ...[each.service, each.table, figure(each.rows), figure(each.onlyAsItWas), figure(each.onlyHere), figure(each.changed)],
          exampleOf(each.samples[0]),
        ]),
        ['rows', 'only as it was', 'only here', 'changed'],
      ),
    );
    if (events.length > 0)
      say(
        table(
          ['event', 'as it was', 'here'],
          events.map(({ type, was, is }) => [type, figure(was), figure(is)]),
          ['as it was', 'here'],
        ),
      );
  }
  say(
    table(
      ['figure', 'unit', 'as it was', 'here', 'difference'],
      effects.map(({ figure: name, unit, was, is, difference }) => [name, unit, amount(was), amount(is), signed(difference)]),
      ['as it was', 'here', 'difference'],
    ),
  );
  for (const { asked, why } of refused.slice(0, 5)) say(`! ${asked} was refused here: ${why}`);
  if (refused.length > 5) say(`! and ${figure(refused.length - 5)} more requests were refused here`);
  say(`Both histories as lakes, and the whole report: ${place}`);
}

function exampleOf(sample: Answer['tables'][number]['samples'][number] | undefined): string {
  if (!sample) return '';
  const [column] = sample.columns;
  const content =
    sample.found === 'changed' && column ? `: ${column.name} ${excerpt(column.was)} → ${excerpt(column.is)}` : ` ${sample.found}`;
  return `${sample.key}${content}`;
}

function excerpt(text = ''): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

/** Thousands apart; digits as they are, to the cent: never by way of a double. */
function amount(value: Decimal): string {
  const [whole = '', cents = ''] = round(value, 2).split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return cents === '' ? grouped : `${grouped}.${cents}`;
}

function signed(value: Decimal): string {
  const text = amount(value);
  return isNegative(value) || text === '0' ? text : `+${text}`;
}

function shownInTurn(): { show(what: string, done: number, of: number): void; stop(): void } {
  let now: { readonly what: string; readonly bar: Progress } | undefined;
  return {
    show: (what, done, of) => {
      if (now?.what !== what) {
        now?.bar.stop();
        now = { what, bar: progress(what) };
        now.bar.start(of);
      }
      if (done % 50 === 0) now.bar.at(done);
    },
    stop: () => now?.bar.stop(),
  };
}

/** Those whose time is over, and those of questions that were killed: they have no report, and nothing was written there for a day. */
function removeExpired(lake: string): void {
  const all = join(lake, FOLDER);
  if (!existsSync(all)) return;
  for (const name of readdirSync(all)) {
    const place = join(all, name);
    if (endOf(place) <= Date.now()) rmSync(place, { recursive: true, force: true });
  }
}

/** Milliseconds since 1970. */
function endOf(place: string): number {
  const report = join(place, REPORT);
  if (!existsSync(report)) return statSync(place).mtimeMs + DAY_MS;
  const { expires } = JSON.parse(readFileSync(report, 'utf8')) as { readonly expires: string };
  return Date.parse(expires);
}
