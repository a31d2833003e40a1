import type { Clock } from '@instep/department';
import type { Logger } from '@instep/telemetry';

import type { Readiness } from './readiness.ts';

export interface PatienceParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly readiness: Readiness;
  /** Ends the waiting, which then rejects. */
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_000;

/** The service is told to end before it has begun. */
export class StartAbandoned extends Error {
  readonly code = 'service/start-abandoned';
}

/**
 * Tries until it succeeds while what it needs is away: start order must not matter. Each other reason is said once in the log, and in
 * readiness for as long as it lasts. Rejects at once with what waiting cannot mend.
 */
export async function patiently<Result>(what: string, attempt: () => Promise<Result>, parts: PatienceParts): Promise<Result> {
  const { clock, logger, readiness, signal } = parts;
  let said = '';
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (signal.aborted) throw new StartAbandoned(`told to end while waiting for the ${what}`);
    try {
      const result = await attempt();
      if (said !== '') logger.info(`the ${what} is there now`);
      readiness.trouble(what, undefined);
      return result;
    } catch (error) {
      if (!isWorthWaiting(error)) throw error;
      const reason = reasonOf(error);
      readiness.trouble(what, `The ${what} cannot be used: ${reason}`);
      if (reason !== said) logger.warn({ reason }, `waiting for the ${what}`);
      said = reason;
    }
    await clock.sleep(pause, signal);
  }
}

/** Network trouble; PostgreSQL: connection, resources, starting or shutting down, not let in, database not there yet, locked, standby. */
const WAITING = /^(?:E[A-Z]{3,}|08...|53...|57P0.|57014|28...|3D000|55P03|40...|25006)$/;

function isWorthWaiting(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause !== undefined && cause !== null && depth < 5; depth += 1) {
    const { transient, code, errors, cause: deeper } = cause as { transient?: unknown; code?: unknown; errors?: unknown; cause?: unknown };
    if (transient === true || code === 'log/topics-unfit') return true;
    if (typeof code === 'string' && WAITING.test(code)) return true;
    if (Array.isArray(errors) && errors.length > 0 && errors.every(isWorthWaiting)) return true;
    if (cause instanceof Error && /^(?:timeout|Connection terminated)/i.test(cause.message)) return true; // of pg, without a code
    cause = deeper;
  }
  return false;
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: readonly unknown[] };
  if (message) return message;
  const [first] = errors ?? [];
  return first === undefined ? (code ?? String(error)) : reasonOf(first);
}
