import { figure, table } from '@instep/command-line';

import type { Answer } from '../query/messages.ts';
import { kpiFolder, savedQueries } from '../saved/folders.ts';
import { readSqlFiles } from '../saved/sql-file.ts';

export function showProgress(percent: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${percent.toFixed(0)} % \r`);
}

/** How much it was and what it is true of. */
export function summary({ rows, cutOff, freshness, personal }: Answer): string {
  const cut = cutOff ? ' (there are more: raise --rows)' : '';
  const upTo = freshness.recordedUpTo === undefined ? 'an empty lake' : `events recorded up to ${freshness.recordedUpTo}`;
  const asOf = freshness.asOf === undefined ? '' : `; as_of: what was known at ${freshness.asOf}`;
  return `${figure(rows)} ${rows === 1 ? 'row' : 'rows'}${cut}; ${upTo}${asOf}${personal === 'shown' ? '; personal data shown, and written down' : ''}\n`;
}

export function savedList(): string {
  const all = [...readSqlFiles(savedQueries), ...readSqlFiles(kpiFolder)];
  return table(
    ['name', 'answers', 'owner', 'unit', 'one row is a', 'values'],
    all.map(({ name, title, owner, unit, grain, notes }) => [name, title, owner, unit, grain, notes['values'] ?? '']),
  );
}
