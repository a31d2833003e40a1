import { appendFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { LakeFault } from '../fault.ts';

/** In the lake's folder: one line for each question that was answered with personal data. */
const revealsFile = 'reveals.ndjson';

/** Who may see personal data: `LAKE_MAY_REVEAL=ann,bob`, names of the system's users; without it everybody who can read the files. */
function assertMayReveal(allowed = process.env['LAKE_MAY_REVEAL']): void {
  const who = whoAsks();
  if (allowed !== undefined && !allowed.split(',').some((name) => name.trim() === who))
    throw new LakeFault('lake/query-refused', `${who} may not see personal data: LAKE_MAY_REVEAL names who may.`);
}

/** Writes down who asked what, and why, before it is answered. Throws when that can't be written: then nothing is shown. */
export function recordReveal(lake: string, why: string, sql: string): void {
  if (why.trim() === '') throw new LakeFault('lake/bad-option', '--reveal takes the reason, such as "request 4711 of a customer".');
  assertMayReveal();
  const line = { at: new Date().toISOString(), who: whoAsks(), why, sql };
  try {
    appendFileSync(join(lake, revealsFile), `${JSON.stringify(line)}\n`, { flush: true });
  } catch (error) {
    throw new LakeFault(
      'lake/query-refused',
      `It cannot be written into ${revealsFile} of ${lake} who asked and why (${(error as Error).message}), so nothing is shown: let this user write there.`,
      error,
    );
  }
}

/** A process in a container may have a number that no user has. */
function whoAsks(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
