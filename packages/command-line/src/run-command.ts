/** As commander has it. */
export interface Program {
  parseAsync(args: readonly string[], options: { readonly from: 'user' }): Promise<unknown>;
}

/**
 * Runs the command that the arguments name. A fault whose code begins with one of `areas` (`lake` for `lake/empty`) is what a person can put
 * right: its sentence on standard error, and exit code 1. Anything else is a defect and is thrown. The signal is aborted at Ctrl-C and SIGTERM.
 * Ends the process when nobody reads on, as behind `| head`.
 */
export async function runCommand(
  programOf: (signal: AbortSignal) => Program,
  args: readonly string[],
  areas: readonly string[],
): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.on('SIGINT', end).on('SIGTERM', end);
  // Stays: the last of what was printed may be on its way when the command is done.
  if (!process.stdout.listeners('error').includes(endUnread)) process.stdout.on('error', endUnread);
  try {
    await programOf(ending.signal).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!isOf(areas, error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

/** Whoever closed the other end has what they wanted. */
function endUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

function isOf(areas: readonly string[], error: unknown): error is Error {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return error instanceof Error && typeof code === 'string' && areas.some((area) => code.startsWith(`${area}/`));
}

/** Ends the process once what was printed is out. A connection that a client library forgot would keep it for minutes. */
export function endAfterOutput(): void {
  process.stdout.write('', () => process.exit());
}
