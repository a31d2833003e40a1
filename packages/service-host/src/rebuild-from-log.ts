import { parseArgs } from 'node:util';

import { kafkaLog } from '@instep/event-log-kafka';
import { createLogger } from '@instep/telemetry';

import type { ReadEnvironment } from './config.ts';
import { kafkaConnection } from './open-ground.ts';
import { rebuildService, type RebuildReport } from './rebuild-service.ts';
import { departmentOf, type ServiceDefinition } from './service-definition.ts';
import type { Settings } from './settings.ts';

const EXIT_DIFFERENT = 1;
const PROGRESS_EVERY_MS = 500;

/**
 * `rebuild [--switch | --switch-always]`: builds the database again from the log, compares it with the live one and prints a table.
 * Resolves with the exit code: 0 when they are equal, 1 when they are not.
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
  try {
    const report = await rebuildService({
      service,
      definition,
      databaseUrl: config.databaseUrl,
      log,
      schema: `rebuild_${Date.now().toString(36)}`,
      switchOver: values['switch-always'] ? 'always' : values.switch ? 'when-equal' : 'no',
      ...(process.stderr.isTTY && { progress: progressBar(service.name) }),
    });
    process.stdout.write(told(service.name, report));
    return report.equal || report.formerSchema !== undefined ? 0 : EXIT_DIFFERENT;
  } finally {
    await log.close();
  }
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

function told(name: string, { events, seconds, stoodStill, tables, equal, formerSchema }: RebuildReport): string {
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
  const speed = `${String(events)} events in ${seconds.toFixed(1)} s, ${String(Math.round(events / Math.max(seconds, 0.001)))} events/s`;
  return [`${name}: ${verdict}. ${speed}`, '', ...lines, ...examples, ...switched, ''].join('\n');
}
