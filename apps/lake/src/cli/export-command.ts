import { setTimeout as pause } from 'node:timers/promises';

import { figure, megabytes, progress, say } from '@instep/command-line';
import { topics as contractTopics } from '@instep/contracts';
import type { EventLog } from '@instep/event-log';
import { kafkaLog } from '@instep/event-log-kafka';
import { connectionOf, readKafka } from '@instep/service-host/environment';
import { Command, InvalidArgumentError } from 'commander';

import { exportOnce } from '../export/exporter.ts';
import { defaultLimits } from '../export/limits.ts';
import { asLakeFault, LakeFault } from '../fault.ts';
import { join } from 'node:path';
import { replaceFile } from '../manifest/durable.ts';
import type { LakeFile } from '../manifest/lake-file.ts';
import { openForWriting, type LakeWriting } from '../open-for-writing.ts';
import { fileList, viewsScript } from '../views/lake-views.ts';
import type { LakeSettings } from './lake-settings.ts';

interface ExportOptions {
  readonly lake: string;
  readonly follow: boolean;
  readonly every: number;
  readonly topics: readonly string[] | undefined;
  readonly block: number;
}

export function exportCommand(settings: LakeSettings, signal: AbortSignal): Command {
  return new Command('export')
    .description('writes what the log has beyond the lake as Parquet files, each record exactly once, whatever is killed in between')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--follow', 'goes on with what comes until it is stopped', false)
    .option('--every <seconds>', 'with --follow: how often the end of the log is written', positive, 5)
    .option('--topics <names>', 'only these topics, with commas between', (text: string) => text.split(','))
    .option('--block <records>', 'records in a full file; the same for the life of a lake', positive, defaultLimits.records)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run lake -- export\n  npm run lake -- export --follow\n  npm run lake -- export --topics orders,finance --lake ~/lake',
    )
    .action(async (options: ExportOptions) => {
      await runExport(options, settings, signal);
    });
}

async function runExport(options: ExportOptions, settings: LakeSettings, signal: AbortSignal): Promise<void> {
  const log = openLog(settings);
  const writing = await openForWriting(options.lake, settings.databaseUrl).catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  try {
    const topics = options.topics ?? (await topicsOf(log));
    await exportRound(options, writing, log, topics, signal);
    for (let go = options.follow; go; go = !signal.aborted) {
      await pause(options.every * 1000, undefined, { signal }).catch(() => undefined);
      await exportRound(options, writing, log, topics, signal, false);
    }
  } finally {
    await writing.close();
    await log.close();
  }
}

async function exportRound(
  options: ExportOptions,
  writing: LakeWriting,
  log: EventLog,
  topics: readonly string[],
  signal: AbortSignal,
  always = true,
): Promise<void> {
  const bar = progress('exporting');
  const begun = performance.now();
  const made: LakeFile[] = [];
  let records = 0;
  try {
    await exportOnce(
      {
        ...{ log, signal, folder: options.lake, writer: writing.writer, database: writing.database },
        limits: { ...defaultLimits, records: options.block },
        onPlan: (total) => {
          records = total;
          if (total > 0) bar.start(total);
        },
        onFile: async (file, replaced) => {
          made.push(file);
          bar.add(file.rows);
          await writing.table?.add(
            file,
            replaced.filter((path) => path !== file.path),
          );
        },
      },
      topics,
    );
  } finally {
    if (records > 0) bar.stop();
  }
  writing.tidy();
  if (made.length > 0 || always) writeLists(writing);
  if (made.length > 0 || always) report(made, writing, options.lake, (performance.now() - begun) / 1000);
}

/** For readers that know nothing of the manifest. */
export function writeLists({ folder, writer }: LakeWriting): void {
  try {
    replaceFile(join(folder, 'views.sql'), viewsScript(writer.manifest));
    replaceFile(join(folder, 'files.json'), fileList(writer.manifest));
  } catch (error) {
    throw asLakeFault(error, folder);
  }
}

function report(made: readonly LakeFile[], { writer }: LakeWriting, folder: string, seconds: number): void {
  const rows = made.reduce((sum, file) => sum + file.rows, 0);
  const bytes = made.reduce((sum, file) => sum + file.bytes, 0);
  const value = made.reduce((sum, file) => sum + file.valueBytes, 0);
  const smaller = bytes > 0 ? `, ${(value / bytes).toFixed(1)} times smaller than the values in the log` : '';
  const rate =
    rows > 0
      ? ` in ${seconds.toFixed(1)} s (${figure(Math.round(rows / seconds))}/s): ${figure(made.length)} files, ${megabytes(bytes)}${smaller}`
      : '';
  say(`${figure(rows)} records written${rate}; the lake in ${folder} has ${figure(writer.manifest.files().length)} files`);
}

/** With the password and the certificate that the environment names, as every process that speaks to the log has them. */
export function openLog({ brokers }: LakeSettings): EventLog {
  if (!brokers)
    throw new LakeFault('lake/bad-option', 'No log to read: begin with npm start, or name the brokers with KAFKA_BROKERS=host:port.');
  const { config, mistakes } = readKafka({ ...process.env, KAFKA_BROKERS: brokers });
  if (!config) throw new LakeFault('lake/bad-option', mistakes.join('\n'));
  return kafkaLog(connectionOf(config, 'lake'));
}

/** Topics of the contracts that the broker has. */
async function topicsOf(log: EventLog): Promise<readonly string[]> {
  const present: string[] = [];
  for (const name of Object.keys(contractTopics)) {
    try {
      await log.bounds(name);
      present.push(name);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'log/unknown-topic') throw error;
    }
  }
  if (present.length === 0)
    throw new LakeFault('lake/empty', 'The broker has none of our topics: is it the right one? Start the services once, they make them.');
  return present;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
