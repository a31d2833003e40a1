import { PlatformFault } from '@instep/local-process';

/**
 * Calls `end` once when this command is asked to stop: Ctrl-C, SIGTERM, SIGHUP, or because the bootstrap that started it
 * is gone. A Ctrl-C arrives twice (from the terminal and from the bootstrap), so repeats are ignored; what must end in
 * time has its own deadline.
 */
export function onEnding(end: (reason: string) => void): void {
  let ending = false;
  const once = (reason: string) => {
    if (ending) return;
    ending = true;
    end(reason);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => once(signal));
  process.on('disconnect', () => once('the command that started this one ended'));
  process.channel?.unref(); // waiting for that alone does not keep us alive
}

/** For a fault of the machine its sentence and exit code 1; anything else is a defect and keeps its stack. */
export function failInOneSentence(error: unknown): void {
  if (!(error instanceof PlatformFault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
