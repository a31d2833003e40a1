import type { LakeSettings } from './cli/lake-settings.ts';
import { lakeProgram } from './cli/lake-program.ts';
import { LakeFault } from './fault.ts';

/**
 * Runs a command of the lake. What a person can put right is one sentence and exit code 1; anything else is a defect and is thrown.
 * Ctrl-C and SIGTERM end an export between two files.
 */
export async function runLake(args: readonly string[], settings: LakeSettings): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    await lakeProgram(settings, ending.signal).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!isPlain(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

/** Faults of our own, and of the log: recognised by their code. */
function isPlain(error: unknown): error is Error {
  const code = (error as { code?: unknown } | undefined)?.code;
  return error instanceof LakeFault || (error instanceof Error && typeof code === 'string' && code.startsWith('log/'));
}

/** Ends the process once what was printed is out. A connection that a client library forgot would keep it for minutes. */
export function endAfterOutput(): void {
  process.stdout.write('', () => process.exit());
}
