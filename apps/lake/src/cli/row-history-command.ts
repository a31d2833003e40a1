import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { figure, progress, say, type Rest } from '@instep/command-line';
import { endOfLog, withRests } from '@instep/event-log';
import { Command, InvalidArgumentError } from 'commander';

import { claimLake } from '../export/writer-claim.ts';
import { buildRowHistory, withTopicsToCome } from '../row-history/build-row-history.ts';
import { keptDepartments } from '../row-history/departments.ts';
import { topicsOf } from '../row-history/history-folds.ts';
import { historyFolder, readHistory } from '../row-history/history-manifest.ts';
import { positive } from './export-command.ts';
import { openHistoryLog, recordsBetweenRests } from './history-log.ts';
import type { LakeSettings } from './lake-settings.ts';

interface RowHistoryOptions {
  readonly lake: string;
  readonly follow: boolean;
  readonly every: number;
  readonly settle: number;
  readonly anew: boolean;
}

export function rowHistoryCommand(settings: LakeSettings, signal: AbortSignal): Command {
  return new Command('row-history')
    .description(
      'keeps every version of every row of every department, so that each can be seen as of any moment; goes on where it stopped',
    )
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--follow', 'goes on with what comes until it is stopped', false)
    .option('--every <seconds>', 'with --follow: how often', positive, 60)
    .option('--settle <seconds>', 'what was recorded within so long waits: the log may still get something older', seconds, 2)
    .option('--anew', 'forgets what was kept and begins again', false)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run lake -- row-history\n  npm run lake -- row-history --follow\n  npm run lake -- row-history --anew',
    )
    .action(async (options: RowHistoryOptions) => {
      const rest = settings.comeLast?.();
      if (options.anew) await forget(join(options.lake, historyFolder));
      await runRound(options, { settings, signal, rest, isProven: false });
      for (let go = options.follow; go; go = !signal.aborted) {
        await pause(options.every * 1000, undefined, { signal }).catch(() => undefined);
        if (!signal.aborted) await runRound(options, { settings, signal, rest, isProven: true });
      }
    });
}

interface Round {
  readonly settings: LakeSettings;
  readonly signal: AbortSignal;
  readonly rest: Rest | undefined;
  readonly isProven: boolean;
}

async function runRound({ lake, settle }: RowHistoryOptions, { settings, signal, rest, isProven }: Round): Promise<void> {
  const { log, wholeUpTo, close } = await openHistoryLog(lake, settings);
  const departments = keptDepartments();
  const bar = progress('folding');
  try {
    const folder = join(lake, historyFolder);
    const total = sum([...(await endOfLog(withTopicsToCome(log), topicsOf(departments))).values()]);
    bar.start(Math.max(0, total - (readHistory(folder).progress?.records ?? 0)));
    const begun = performance.now();
    const { records, versions, manifest } = await buildRowHistory({
      ...{
        log: withRests(log, { rest, every: recordsBetweenRests }),
        folder,
        lake,
        departments,
        signal,
        isProven,
        until: Math.min(Date.now() - settle * 1000, wholeUpTo),
      },
      onProgress: (count) => bar.add(count),
    });
    bar.stop();
    const took = (performance.now() - begun) / 1000;
    const rate = records > 0 ? ` in ${took.toFixed(1)} s (${figure(Math.round(records / took))}/s)` : '';
    const left = total - (manifest.progress?.records ?? 0);
    const upTo = new Date(manifest.progress?.upTo ?? 0).toISOString();
    say(
      `${figure(records)} records folded${rate}: ${figure(versions)} versions of rows; known up to ${upTo}, ${figure(manifest.files().length)} files`,
    );
    if (left > 0) say(`${figure(left)} wait: recorded a moment ago, or caused by what neither lake nor log holds`);
  } finally {
    bar.stop();
    await close();
  }
}

/** Nobody may be writing it. */
async function forget(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const claim = await claimLake(folder);
  for (const name of readdirSync(folder)) if (!name.startsWith('.writer')) rmSync(join(folder, name), { recursive: true, force: true });
  claim.release();
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('It must be a number of seconds, 0 or more.');
  return value;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
