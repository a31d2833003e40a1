import { runCommand as runProgram } from '@instep/command-line';
import { Command } from 'commander';

import { cancelCommand, listCommand, pauseCommand, removeCommand, resumeCommand, statusCommand } from './cli/manage-commands.ts';
import { planCommand, runCommand } from './cli/run-command.ts';
import { whatIfCommand } from './cli/what-if-command.ts';
import type { ReplaySettings } from './cli/settings.ts';
import { viewCommand } from './cli/view-command.ts';

/**
 * Runs a command of the replay tool. Faults of our own, of the lake, of the log and of a history that has a gap are said in a sentence.
 * Ctrl-C and SIGTERM pause a replay at its next step.
 */
export async function runReplay(args: readonly string[], settings: ReplaySettings): Promise<void> {
  await runProgram((signal) => program(settings, signal), args, ['replay', 'lake', 'log', 'rebuild', 'contract', 'platform']);
}

function program(settings: ReplaySettings, signal: AbortSignal): Command {
  return new Command('replay')
    .description('History once more: into a file, a topic of its own, or a sandbox. Nothing that runs is touched.')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run replay -- run --topics orders --to file:orders.ndjson\n  npm run replay -- what-if --set inventory.safetyStock=+5%\n  npm run replay -- run --help',
    )
    .addCommand(planCommand(settings))
    .addCommand(runCommand(settings, signal))
    .addCommand(statusCommand(settings))
    .addCommand(pauseCommand(settings))
    .addCommand(resumeCommand(settings, signal))
    .addCommand(cancelCommand(settings))
    .addCommand(removeCommand(settings))
    .addCommand(listCommand(settings))
    .addCommand(whatIfCommand(settings))
    .addCommand(viewCommand(settings, signal));
}
