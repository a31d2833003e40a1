import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { figure, giveWay, progress, restForOthers, say, table } from '@instep/command-line';
import { serviceNames } from '@instep/contracts';
import { withRests } from '@instep/event-log';
import { routes, type ViewComparison } from '@instep/postgres';
import { Command } from 'commander';

import { ReplayFault } from '../fault.ts';
import { buildView, compareBuilt, rollBack, switchTo } from '../new-view/new-view.ts';
import { departmentCalled, viewTarget, type ViewSource, type ViewTarget } from '../new-view/view-target.ts';
import { openSource } from '../source/source.ts';
import type { ReplaySettings } from './settings.ts';

interface ViewOptions {
  readonly lake: string;
  /** The version; called so because `--version` is taken. */
  readonly to: string;
  readonly except: string | undefined;
  readonly follow: boolean | undefined;
  readonly database: string | undefined;
}

/** What a command that folds or compares is given. */
interface Asked {
  readonly target: ViewTarget;
  readonly source: ViewSource;
  readonly options: ViewOptions;
  /** Records folded so far. */
  folded(): number;
}

const followEveryMs = 1_000;

/** `view build|compare|switch|rollback|list`: the next version of a view, while the one before is read. */
export function viewCommand(settings: ReplaySettings, signal: AbortSignal): Command {
  const ofDepartment = (name: string, what: string): Command =>
    new Command(name)
      .description(what)
      .argument('<department>', serviceNames.join(', '))
      .option('--database <url>', 'database of the department, when it is not on the server of the others under its own name');
  const ofView = (name: string, what: string): Command => ofDepartment(name, what).argument('<table>', 'such as order_summary');
  const ofVersion = (name: string, what: string, work: (asked: Asked) => Promise<void>): Command =>
    ofView(name, what)
      .requiredOption('--to <version>', 'number of the version, 2 or more')
      .option('--lake <folder>', 'folder of the lake', settings.lake)
      .action((department: string, table: string, options: ViewOptions) =>
        withSource(
          viewTarget(department, table, Number(options.to), databaseOf(settings, department, options)),
          options,
          settings,
          signal,
          work,
        ),
      );
  const except = ['--except <columns>', 'columns that are meant to differ, with commas between'] as const;
  return new Command('view')
    .description('builds the next version of a view beside the one that is read, compares the two, and switches by one row')
    .addHelpText('after', examples)
    .addCommand(
      ofVersion('build', 'folds the view as this release defines it; goes on where it was killed', build).option(
        '--follow',
        'keeps it up to date until it is stopped',
        false,
      ),
    )
    .addCommand(
      ofVersion('compare', 'reads on to where the service stands and compares rows, sums by tenant, and every row', compare).option(
        ...except,
      ),
    )
    .addCommand(ofVersion('switch', 'lets the query side read this version; refused when the comparison is red', change).option(...except))
    .addCommand(
      ofView('rollback', 'lets the query side read an earlier version again')
        .option('--to <version>', '1 is what the service keeps itself', '1')
        .action(async (department: string, table: string, options: ViewOptions) => {
          const target = viewTarget(department, table, 2, databaseOf(settings, department, options));
          await asking(target.connection.url, () => rollBack(target, Number(options.to)));
          say(`${department} reads version ${options.to} of ${table} again`);
        }),
    )
    .addCommand(
      ofDepartment('list', 'which version of each view is read').action(async (department: string, options: ViewOptions) => {
        const { service } = departmentCalled(department);
        const url = databaseOf(settings, department, options);
        const all = await asking(url, () => routes({ url, service: `${service} view` }));
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

async function build({ target, source, options, folded }: Asked): Promise<void> {
  giveWay(constants.priority.PRIORITY_BELOW_NORMAL);
  const { signal } = source;
  const begun = performance.now();
  const again = async (): Promise<boolean> => {
    if (options.follow !== true || signal?.aborted) return false;
    await pause(followEveryMs, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    return signal?.aborted !== true;
  };
  await buildView(target, { ...source, log: withRests(source.log, { rest: restForOthers() }) }, again);
  const seconds = (performance.now() - begun) / 1_000;
  const rate = `${figure(Math.round(folded() / seconds))}/s`;
  say(`version ${options.to} of ${target.table} is built: ${figure(folded())} records in ${seconds.toFixed(1)} s (${rate})`);
}

async function compare({ target, source, options }: Asked): Promise<void> {
  const comparison = await compareBuilt(target, source, exceptOf(options));
  report(comparison, options.to);
  if (!comparison.equal) process.exitCode = 1;
}

async function change({ target, source, options }: Asked): Promise<void> {
  const { definition, table: view } = target;
  report(await switchTo(target, source, exceptOf(options)), options.to);
  say(
    `${definition.service} reads version ${options.to} of ${view} now; npm run replay -- view rollback ${definition.service} ${view} goes back`,
  );
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
  target: ViewTarget,
  options: ViewOptions,
  settings: ReplaySettings,
  signal: AbortSignal,
  work: (asked: Asked) => Promise<void>,
): Promise<void> {
  const { log, close } = await openSource({ lake: options.lake, brokers: settings.brokers });
  const shown = progress('folding');
  let folded = 0;
  const source: ViewSource = {
    ...{ log, signal },
    progress: (done, total) => {
      folded = done;
      shown.at(done, total);
    },
  };
  try {
    shown.start(0);
    await asking(target.connection.url, () => work({ target, source, options, folded: () => folded }));
  } finally {
    shown.stop();
    await close();
  }
}

/** Says which database cannot be used. */
async function asking<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: string };
    if (code !== 'store/unavailable') throw error;
    const { host, pathname } = new URL(url);
    throw new ReplayFault(
      'replay/no-database',
      `The database ${host}${pathname} cannot be used (${message ?? ''}): begin with npm start, or name the one of the department with --database.`,
      error,
    );
  }
}

/** Each department has a database of its own on the server, called as it is. */
function databaseOf({ databaseUrl }: ReplaySettings, department: string, { database }: Pick<ViewOptions, 'database'>): string {
  if (database !== undefined) return database;
  if (databaseUrl === undefined)
    throw new ReplayFault('replay/bad-option', 'No database: begin with npm start, or name the server with DATABASE_URL.');
  const url = new URL(databaseUrl);
  url.pathname = `/${department.replaceAll('-', '_')}`;
  return url.href;
}

function exceptOf({ except }: ViewOptions): readonly string[] {
  return except === undefined ? [] : except.split(',').map((name) => name.trim());
}
