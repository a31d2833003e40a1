import { setTimeout as pause } from 'node:timers/promises';
import type { Exit } from '@instep/local-process';
import type { System } from '@instep/platform';

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** Who lived this long starts again at once when it dies. */
const settledMs = 60_000;

type Supervised = { readonly name: string; readonly logFile: string; readonly exited: Promise<Exit> };

/**
 * Starts each service again that ends without being asked to, until `signal` is aborted; one line to `say` for each
 * death. One that keeps dying is tried less and less often, at least every 30 s.
 */
export function superviseServices(system: System, say: (line: string) => void, signal: AbortSignal): void {
  for (const service of system.services) void supervise(service, () => system.restart(service.name), say, signal);
}

/** The same for one process. */
export async function supervise(
  first: Supervised,
  restart: () => Promise<Supervised>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const isOver = () => signal.aborted; // asked after each wait, so not narrowed
  let service = first;
  let pauseMs = firstPauseMs / 2;
  for (;;) {
    const begun = performance.now();
    const exit = await service.exited;
    if (isOver()) return;
    pauseMs = performance.now() - begun > settledMs ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
    say(`${service.name} ended (${cause(exit)}) and is started again in ${pauseMs / 1000} s; its log: ${service.logFile}`);
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    if (isOver()) return;
    service = await restart();
  }
}

function cause({ code, signal }: Exit): string {
  return signal === null ? `code ${code}` : signal;
}
