import type { Clock } from '@instep/department';
import type { Logger } from '@instep/telemetry';

import { isAway } from './away.ts';
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
/** Reasons may take turns, or hold something that is new each time. */
const MOST_REASONS = 20;

/** The service is told to end before it has begun. */
class StartAbandoned extends Error {
  readonly code = 'service/start-abandoned';
}

/**
 * Tries until it succeeds while what it needs is away: start order must not matter. Each other reason is said once in the log, and in
 * readiness for as long as it lasts. Rejects at once with what waiting cannot mend.
 */
export async function patiently<Result>(what: string, attempt: () => Promise<Result>, parts: PatienceParts): Promise<Result> {
  const { clock, logger, readiness, signal } = parts;
  const said = new Set<string>();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (signal.aborted) throw new StartAbandoned(`told to end while waiting for the ${what}`);
    try {
      const result = await attempt();
      if (said.size > 0) logger.info(`the ${what} is there now`);
      readiness.trouble(what, undefined);
      return result;
    } catch (error) {
      if (!isAway(error) && !isUnfit(error)) throw error;
      const reason = reasonOf(error);
      readiness.trouble(what, `The ${what} cannot be used: ${reason}`);
      if (!said.has(reason) && said.size < MOST_REASONS) logger.warn({ reason }, `waiting for the ${what}`);
      said.add(reason);
    }
    await clock.sleep(pause, signal);
  }
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: readonly unknown[] };
  if (message) return message;
  const [first] = errors ?? [];
  return first === undefined ? (code ?? String(error)) : reasonOf(first);
}

/** Topics or tables that somebody has yet to make or set right. A broker may hear of a topic that another has just made only seconds later. */
const UNFIT: ReadonlySet<unknown> = new Set([
  'log/topics-unfit',
  'log/unknown-topic',
  'database/migrations-missing',
  'database/switched-view-too-old',
]);

function isUnfit(error: unknown): boolean {
  return UNFIT.has((error as { code?: unknown } | null)?.code);
}
