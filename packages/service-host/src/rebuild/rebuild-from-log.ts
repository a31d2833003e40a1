import { parseArgs } from 'node:util';

import { kafkaLog } from '@instep/event-log-kafka';
import { createLogger } from '@instep/telemetry';

import type { ReadEnvironment } from '../config.ts';
import { kafkaConnection } from '../open-ground.ts';
import { rebuildService, type RebuildReport } from './rebuild-service.ts';
import { departmentOf, type ServiceDefinition } from '../service-definition.ts';
import type { Settings } from '../settings.ts';

const EXIT_DIFFERENT = 1;
const PROGRESS_EVERY_MS = 500;

/** As a shell says it of a command that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;
const EXIT_IMPOSSIBLE = 69;

/** Ended from outside, and cleared up. */
class RebuildInterrupted extends Error {
  readonly code = 'rebuild/interrupted';
}

/** What an operator can do something about: said in one sentence, without a stack. */
const SAID_PLAINLY: ReadonlySet<unknown> = new Set(['rebuild/schema-in-use', 'rebuild/log-incomplete', 'rebuild/interrupted']);

/**
 * `rebuild [--switch | --switch-always]`: builds the database again from the log, compares it with the live one and prints a table.
 * Resolves with the exit code: 0 when they are equal, 1 when they are not, 69 when it cannot be done as things are, 130 when interrupted.
 */
export async function rebuildFromLog<S extends Settings>(
  service: ServiceDefinition<S>,
  { config, settings }: ReadEnvironment<S>,
  args: string[],
): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { switch: { type: 'boolean', default: false }, 'switch-always': { type: 'boolean', default: false } },
  });
  const definition = departmentOf(service, settings);
  const logger = createLogger({ service: service.name, level: 'warn' });
  const log = kafkaLog(kafkaConnection(definition.service, config, logger));
  const interrupted = untilInterrupted();
  const bar = process.stderr.isTTY ? progressBar(service.name) : undefined;
  try {
    const report = await rebuildService({
      service,
      definition,
      databaseUrl: config.databaseUrl,
      log,
      run: Date.now().toString(36),
      switchOver: values['switch-always'] ? 'always' : values.switch ? 'when-equal' : 'no',
      progress: (done, total) => {
        if (interrupted.aborted) throw new RebuildInterrupted('interrupted; what was built so far is cleared away');
        bar?.(done, total);
      },
    });
    process.stdout.write(told(service.name, report));
    return report.equal || report.formerSchema !== undefined ? 0 : EXIT_DIFFERENT;
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message: string };
    if (!SAID_PLAINLY.has(code)) throw error;
    process.stderr.write(`${bar ? '\n' : ''}${service.name}: ${message}\n`);
    return error instanceof RebuildInterrupted ? EXIT_INTERRUPTED : EXIT_IMPOSSIBLE;
  } finally {
    await log.close();
  }
}

/** At the first signal the work ends at its next step and clears up; at the second the process ends. The next rebuild clears up then. */
function untilInterrupted(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(EXIT_INTERRUPTED);
      interruption.abort();
    });
  }
  return interruption.signal;
}

function progressBar(name: string): (done: number, total: number) => void {
  let shown = 0;
  const width = 30;
  return (done, total) => {
    const now = performance.now();
    if (now - shown < PROGRESS_EVERY_MS && done < total) return;
    shown = now;
    const filled = total === 0 ? width : Math.round((done / total) * width);
    process.stderr.write(`\r${name} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(done)}/${String(total)} events`);
    if (done >= total) process.stderr.write('\n');
  };
}

function told(name: string, report: RebuildReport): string {
  const { events, seconds, missing, carriedOver, stoodStill, tables, equal, formerSchema } = report;
  const rows = [
    ['table', 'rows live', 'rows rebuilt', 'different', 'hash'],
    ...tables.map(({ table, live, rebuilt, different }) => [
      table,
      String(live.rows),
      String(rebuilt.rows),
      String(different),
      rebuilt.hash.slice(0, 12),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, at) => (at === 0 || at === 4 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
  const examples = tables.flatMap(({ table, examples: some }) => some.map(({ key, found }) => `  ${table} ${key.join(' / ')}: ${found}`));
  const verdict = equal
    ? 'equal, row for row'
    : stoodStill
      ? 'NOT equal'
      : 'not comparable: the live service went on meanwhile; try again when less comes in, or stop it first';
  const switched =
    formerSchema === undefined ? [] : [`The rebuilt tables are live now; the former ones are in the schema ${formerSchema}.`];
  const lost =
    missing === 0
      ? []
      : [
          `${String(missing)} events were recorded and never reached the log, though later ones did; ${String(carriedOver)} are carried over.` +
            ' What led to the others is decided again after a switch, unless it was a request.',
        ];
  const speed = `${String(events)} events in ${seconds.toFixed(1)} s, ${String(Math.round(events / Math.max(seconds, 0.001)))} events/s`;
  return [`${name}: ${verdict}. ${speed}`, '', ...lines, ...examples, ...lost, ...switched, ''].join('\n');
}
