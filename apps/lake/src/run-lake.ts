import { runCommand } from '@instep/command-line';

import { lakeProgram } from './cli/lake-program.ts';
import type { LakeSettings } from './cli/lake-settings.ts';

/** Runs a command of the lake. Faults of our own and of the log are said in a sentence. Ctrl-C and SIGTERM end an export between two files. */
export async function runLake(args: readonly string[], settings: LakeSettings): Promise<void> {
  await runCommand((signal) => lakeProgram(settings, signal), args, ['lake', 'log']);
}
