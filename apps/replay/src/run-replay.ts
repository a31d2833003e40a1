import { Command } from 'commander';

import { cancelCommand, listCommand, pauseCommand, removeCommand, resumeCommand, statusCommand } from './cli/manage-commands.ts';
import { planCommand, runCommand } from './cli/run-command.ts';
import { whatIfCommand } from './cli/what-if-command.ts';
import type { ReplaySettings } from './cli/settings.ts';
import { viewCommand } from './cli/view-command.ts';

/**
 * Runs a command of the replay tool. What a person can put right is one sentence and exit code 1; anything else is a defect and is thrown.
 * Ctrl-C and SIGTERM pause a replay at its next step.
 */
export async function runReplay(args: readonly string[], settings: ReplaySettings): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    await program(settings, ending.signal).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!isPlain(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
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

/** Faults of our own, of the lake, of the log and of a history that has a gap: recognised by their code. */
function isPlain(error: unknown): error is Error {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return error instanceof Error && typeof code === 'string' && /^(replay|lake|log|rebuild|contract|platform)\//.test(code);
}

/** Ends the process once what was printed is out. A connection that a client library forgot would keep it for minutes. */
export function endAfterOutput(): void {
  process.stdout.write('', () => process.exit());
}
