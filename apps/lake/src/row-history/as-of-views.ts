import { join } from 'node:path';

import { LakeFault } from '../fault.ts';
import { isAboutPerson, type Personal } from '../personal/hidden-fields.ts';
import { allVersionsSql, asOfSql } from './as-of.ts';
import { historyFolder, type HistoryManifest } from './history-manifest.ts';
import { viewNameOf } from './history-table.ts';

/** A moment of which the rows are asked. */
export interface AsOf {
  /** ISO 8601, as `momentOf` takes it. */
  readonly recorded: string;
  /** Another row history than that of the lake. */
  readonly folder?: string;
}

export interface SchemaView {
  readonly name: string;
  readonly sql: string;
}

/**
 * Views of all tables of all departments as they were known at a moment, `as_of.<department>_<table>`, and of every version of their rows,
 * `history.<department>_<table>`. Throws `LakeFault` when there is no row history, and when it does not reach to the moment.
 */
export function asOfViews(history: HistoryManifest, lake: string, asOf: AsOf, personal: Personal = 'shown'): readonly SchemaView[] {
  const folder = folderOf(lake, asOf);
  const at = momentOf(asOf.recorded, 'as of');
  assertKnown(history, at, lake);
  return history.tables.flatMap((table) => {
    const name = viewNameOf(table);
    const people = table.columns.filter(({ property }) => isAboutPerson(table.department, property)).map(({ name }) => name);
    const hidden = personal === 'hidden' ? people : [];
    const seen = (sql: string): string =>
      hidden.length > 0 ? `SELECT * REPLACE (${hidden.map((column) => `NULL AS ${column}`).join(', ')}) FROM (${sql})` : sql;
    const all = allVersionsSql(history, table, folder);
    return [
      { name: `as_of.${name}`, sql: seen(asOfSql(history, table, at, folder)) },
      ...(all === undefined ? [] : [{ name: `history.${name}`, sql: seen(all) }]),
    ];
  });
}

/** Where the rows as of a moment lie. */
export function folderOf(lake: string, { folder = join(lake, historyFolder) }: AsOf): string {
  return folder;
}

/** Milliseconds since 1970. A moment without a time zone is in UTC. Throws `LakeFault` for what is none, such as the 30th of February. */
export function momentOf(text: string, what: string): number {
  const day = text.slice(0, 10);
  const zoned = /(Z|[+-]\d{2}(:?\d{2})?)$/i.test(text.slice(10)) || !/^[T ]/.test(text.slice(10)) ? text : `${text}Z`;
  const at = Date.parse(zoned.replace(' ', 'T'));
  // Anything else that Date takes would be a moment of this machine's own time zone.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(at) || new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day)
    throw new LakeFault('lake/bad-option', `"${text}" is no moment (${what}): write it as 2026-11-25T17:55:00Z or 2026-11-25 17:55.`);
  return at;
}

export function assertKnown(history: HistoryManifest, at: number, lake: string): void {
  const { progress, from } = history;
  if (progress === undefined || from === undefined)
    throw new LakeFault('lake/no-history', `There is no row history in ${lake}: build it with npm run lake -- row-history.`);
  const asked = new Date(at).toISOString();
  if (at < from)
    throw new LakeFault(
      'lake/outside-history',
      `Nothing was known at ${asked}: the first event was recorded at ${new Date(from).toISOString()}.`,
    );
  if (at > progress.upTo)
    throw new LakeFault(
      'lake/outside-history',
      `The row history goes up to ${new Date(progress.upTo).toISOString()}, and ${asked} is later: carry it on with npm run lake -- row-history, or ask for an earlier moment.`,
    );
}
