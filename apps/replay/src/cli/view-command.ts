import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { serviceNames } from '@instep/contracts';
import { routes, type ViewComparison } from '@instep/postgres';
import { Command } from 'commander';

import { ReplayFault } from '../fault.ts';
import { buildView, compareBuilt, rollBack, switchTo } from '../new-view/new-view.ts';
import { viewTarget, type ViewSource, type ViewTarget } from '../new-view/view-target.ts';
import { openSource } from '../source/source.ts';
import { bar, figure, say, table } from './output.ts';
import type { ReplaySettings } from './settings.ts';

interface ViewOptions {
  readonly lake: string;
  /** The version; called so because `--version` is taken. */
  readonly to: string;
  readonly except: string | undefined;
  readonly follow: boolean | undefined;
  readonly database: string | undefined;
}

const followEveryMs = 1_000;

/** `view build|compare|switch|rollback|list`: the next version of a view, while the one before is read. */
export function viewCommand(settings: ReplaySettings, signal: AbortSignal): Command {
  const sub = (name: string, what: string): Command =>
    new Command(name)
      .description(what)
      .argument('<department>', serviceNames.join(', '))
      .argument('<table>', 'such as order_summary')
      .option('--lake <folder>', 'folder of the lake', settings.lake)
      .option('--database <url>', 'database of the department, when it is not on the server of the others under its own name');
  const except = ['--except <columns>', 'columns that are meant to differ, with commas between'] as const;
  return new Command('view')
    .description('builds the next version of a view beside the one that is read, compares the two, and switches by one row')
    .addHelpText('after', examples)
    .addCommand(
      sub('build', 'folds the view as this release defines it; goes on where it was killed')
        .requiredOption('--to <version>', 'number of the version, 2 or more')
        .option('--follow', 'keeps it up to date until it is stopped', false)
        .action((department: string, name: string, options: ViewOptions) => build(department, name, options, settings, signal)),
    )
    .addCommand(
      sub('compare', 'reads on to where the service stands and compares rows, sums by tenant, and every row')
        .requiredOption('--to <version>', 'number of the version')
        .option(...except)
        .action((department: string, name: string, options: ViewOptions) => compare(department, name, options, settings, signal)),
    )
    .addCommand(
      sub('switch', 'lets the query side read this version; refused when the comparison is red')
        .requiredOption('--to <version>', 'number of the version')
        .option(...except)
        .action((department: string, name: string, options: ViewOptions) => change(department, name, options, settings, signal)),
    )
    .addCommand(
      sub('rollback', 'lets the query side read an earlier version again')
        .option('--to <version>', '1 is what the service keeps itself', '1')
        .action(async (department: string, name: string, { to, database }: ViewOptions) => {
          await rollBack(viewTarget(department, name, 2, databaseOf(settings, department, database)), Number(to));
          say(`${department} reads version ${to} of ${name} again`);
        }),
    )
    .addCommand(
      new Command('list')
        .description('which version of each view is read')
        .argument('<department>', serviceNames.join(', '))
        .option('--database <url>', 'database of the department')
        .action(async (department: string, { database }: Pick<ViewOptions, 'database'>) => {
          const all = await routes({ url: databaseOf(settings, department, database), service: `${department} view` });
          if (all.length === 0) say(`${department} reads what it keeps itself: nothing was switched.`);
          else
            say(
              table(
                ['view', 'version', 'schema', 'since'],
                all.map((each) => [each.view, String(each.version), each.schema, each.switchedAt]),
              ),
            );
        }),
    );
}

const examples = `
A version is what this release of the code makes of the log. It lies in a schema of its own in the department's database and is kept up to date
by view build --follow: leave that running as long as the version is read.

Examples:
  npm run replay -- view build crm customer_order --to 2
  npm run replay -- view compare crm customer_order --to 2
  npm run replay -- view switch crm customer_order --to 2 --except shipping
  npm run replay -- view build crm customer_order --to 2 --follow
  npm run replay -- view rollback crm customer_order`;

async function build(department: string, name: string, options: ViewOptions, settings: ReplaySettings, signal: AbortSignal): Promise<void> {
  // Whatever else runs on the machine comes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const begun = performance.now();
  await withSource(department, name, options, settings, async (target, source, count) => {
    const again = async (): Promise<boolean> => {
      if (options.follow !== true || signal.aborted) return false;
      await pause(followEveryMs, undefined, { signal }).catch(() => undefined);
      return !signal.aborted;
    };
    await buildView(target, { ...source, signal }, again);
    const seconds = (performance.now() - begun) / 1_000;
    say(
      `version ${options.to} of ${name} is built: ${figure(count())} records in ${seconds.toFixed(1)} s (${figure(Math.round(count() / seconds))}/s)`,
    );
  });
}

async function compare(
  department: string,
  name: string,
  options: ViewOptions,
  settings: ReplaySettings,
  signal: AbortSignal,
): Promise<void> {
  await withSource(department, name, options, settings, async (target, source) => {
    const comparison = await compareBuilt(target, { ...source, signal }, exceptOf(options));
    report(comparison, options.to);
    if (!comparison.equal) process.exitCode = 1;
  });
}

async function change(
  department: string,
  name: string,
  options: ViewOptions,
  settings: ReplaySettings,
  signal: AbortSignal,
): Promise<void> {
  await withSource(department, name, options, settings, async (target, source) => {
    report(await switchTo(target, { ...source, signal }, exceptOf(options)), options.to);
    say(`${department} reads version ${options.to} of ${name} now; npm run replay -- view rollback ${department} ${name} goes back`);
  });
}

function report(
  { table: { table: name, live, rebuilt, different, examples: some }, sums, columns, left, equal }: ViewComparison,
  to: string,
): void {
  say(
    table(
      ['table', 'rows read now', `rows of version ${to}`, 'different', 'sums that differ'],
      [[name, figure(live.rows), figure(rebuilt.rows), figure(different), figure(sums.length)]],
      ['rows read now', `rows of version ${to}`, 'different', 'sums that differ'],
    ),
  );
  for (const { key, found } of some) say(`  ${key.join(' / ')}: ${found === 'only rebuilt' ? `only in version ${to}` : found}`);
  for (const { tenant, of, live: before, built } of sums)
    say(`  ${tenant}, ${of}: ${before ?? 'nothing'} read now, ${built ?? 'nothing'} in version ${to}`);
  say(`compared: ${columns.join(', ') || 'only which rows there are'}${left.length > 0 ? `; not compared: ${left.join(', ')}` : ''}`);
  say(equal ? 'green: they say the same' : 'red: they do not say the same');
}

async function withSource(
  department: string,
  name: string,
  { lake, to, database }: ViewOptions,
  settings: ReplaySettings,
  work: (target: ViewTarget, source: ViewSource, count: () => number) => Promise<void>,
): Promise<void> {
  const target = viewTarget(department, name, Number(to), databaseOf(settings, department, database));
  const { log, close } = await openSource({ lake, brokers: settings.brokers });
  const shown = bar('folding', 0);
  let folded = 0;
  try {
    await work(
      target,
      {
        log,
        progress: (done, total) => {
          folded = done;
          shown.at(done, total);
        },
      },
      () => folded,
    );
  } finally {
    shown.stop();
    await close();
  }
}

/** Each department has a database of its own on the server, called as it is. */
function databaseOf({ databaseUrl }: ReplaySettings, department: string, given: string | undefined): string {
  if (given !== undefined) return given;
  if (databaseUrl === undefined)
    throw new ReplayFault('replay/bad-option', 'No database: begin with npm start, or name the server with DATABASE_URL.');
  const url = new URL(databaseUrl);
  url.pathname = `/${department.replaceAll('-', '_')}`;
  return url.href;
}

function exceptOf({ except }: ViewOptions): readonly string[] {
  return except === undefined ? [] : except.split(',').map((name) => name.trim());
}
