import { Command } from 'commander';

import { asOfCommand } from './as-of-command.ts';
import { compactCommand } from './compact-command.ts';
import { exportCommand } from './export-command.ts';
import { kpiCommand } from './kpi-command.ts';
import type { LakeSettings } from './lake-settings.ts';
import { restoreCommand } from './restore-command.ts';
import { rowHistoryCommand } from './row-history-command.ts';
import { serveCommand } from './serve-command.ts';
import { sqlCommand } from './sql-command.ts';
import { verifyCommand } from './verify-command.ts';
import { viewsCommand } from './views-command.ts';

/** `lake <command>`. What it prints goes to standard output; `signal` ends long work at the next file. */
export function lakeProgram(settings: LakeSettings, signal: AbortSignal): Command {
  return new Command('lake')
    .description('The whole history as Parquet files, and as SQL.')
    .addCommand(exportCommand(settings, signal))
    .addCommand(compactCommand(settings, signal))
    .addCommand(verifyCommand(settings))
    .addCommand(restoreCommand(settings))
    .addCommand(viewsCommand(settings))
    .addCommand(sqlCommand(settings, signal))
    .addCommand(rowHistoryCommand(settings, signal))
    .addCommand(asOfCommand(settings, signal))
    .addCommand(kpiCommand(settings))
    .addCommand(serveCommand(settings, signal));
}
