import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { LogReader } from '@instep/event-log';

import { momentOf, type AsOf } from './as-of-views.ts';
import { buildRowHistory } from './build-row-history.ts';
import { keptDepartments } from './departments.ts';

export interface Moments {
  readonly recorded: string;
  readonly occurred: string;
}

export interface HappenedBy extends AsOf {
  readonly folder: string;
  /** Removes it. */
  forget(): void;
}

/**
 * A row history of its own, of what was recorded by one moment and had happened by the other alone; it takes as long as a fold takes. Throws
 * `LakeFault` for what is no moment. Ended by the signal it holds less; whoever gives it asks nothing then.
 */
export async function foldHappenedBy(
  lake: string,
  { recorded, occurred }: Moments,
  { log, signal, onProgress }: { readonly log: LogReader; readonly signal: AbortSignal; onProgress?(records: number): void },
): Promise<HappenedBy> {
  const [until, occurredUntil] = [momentOf(recorded, 'recorded'), momentOf(occurred, 'occurred')];
  const folder = mkdtempSync(join(resolve(lake), '.happened-by-'));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const parts = { log, lake, folder, signal, until, occurredUntil, departments: keptDepartments() };
    await buildRowHistory({ ...parts, ...(onProgress && { onProgress }) });
    return { recorded, folder, forget };
  } catch (error) {
    forget();
    throw error;
  }
}
