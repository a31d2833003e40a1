import type { Logger } from '@instep/telemetry';

export interface EndingParts {
  readonly logger: Logger;
  /** SHUTDOWN_DEADLINE_MS. */
  readonly deadlineMs: number;
  /** Lets go of everything; may take this many milliseconds. */
  drain(leftMs: () => number): Promise<void>;
  exit(code: number): never;
}

const EXIT_SOFTWARE = 70;
/** As a shell tells of a process that a signal ended: 128 and the number of the signal. */
const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * SIGTERM and SIGINT end the process: in good order with 0 at the first; at once at the second, and when the deadline has passed. Nothing is
 * lost then either: what was not finished is done again after the next start.
 */
export function endOnSignal(parts: EndingParts): void {
  const { logger, deadlineMs, exit } = parts;
  let endsAt: number | undefined;
  const cut = (why: string, code: number): never => {
    logger.fatal(`${why}: ended at once, what was under way is done again after the next start`);
    return exit(code);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const began = performance.now();
    const by = began + deadlineMs;
    endsAt = by;
    logger.info({ signal, deadlineMs }, 'draining');
    setTimeout(() => cut(`not drained within ${deadlineMs} ms (SHUTDOWN_DEADLINE_MS)`, EXIT_SOFTWARE), deadlineMs).unref();
    await parts.drain(() => Math.max(0, by - performance.now()));
    logger.info({ tookMs: Math.round(performance.now() - began) }, 'ended');
    exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (endsAt !== undefined) cut(`${signal} a second time`, EXIT_OF_SIGNAL[signal]);
      end(signal).catch((error: unknown) => {
        logger.fatal({ err: error }, 'the shutdown failed; the process ends');
        exit(EXIT_SOFTWARE);
      });
    });
  }
}
