import type { HistoryManifest } from './history-manifest.ts';
import type { HistoryTable } from './history-table.ts';
import { parquetFiles } from './version-stage.ts';

/**
 * The rows of a table as they were known at a moment, in milliseconds since 1970: of each key the last version up to then. Beside the columns
 * of the table: since when it was so (`_known_at`), and the event that made it so.
 */
export function asOfSql(manifest: HistoryManifest, table: HistoryTable, at: number, folder: string): string {
  const files = manifest.filesOf(table).filter(({ from }) => from <= at);
  const names = table.columns.map(({ name }) => `"${name}"`).join(', ');
  if (files.length === 0) return `SELECT ${emptyColumns(table)}, ${emptyAbout} WHERE false`;
  const moment = `make_timestamptz(${at} * 1000)`;
  // Within a file a version knows how long it held; a later file may hold a later one.
  const mayBeOlder = files.length > 1 && !table.grows;
  const keys = table.columns.filter(({ key }) => key).map(({ name }) => `"${name}"`);
  const from = parquetFiles(folder, files);
  const held = `_known_at <= ${moment} AND (_until IS NULL OR _until > ${moment})`;
  const last = mayBeOlder ? ` AND _n IN (SELECT max(_n) FROM ${from} WHERE ${held} GROUP BY ${keys.join(', ')})` : '';
  return `SELECT ${names}, _known_at, _event_id, _topic, _p, _off FROM ${from} WHERE ${held}${last}`;
}

/** Every version of every row of a table. */
export function allVersionsSql(manifest: HistoryManifest, table: HistoryTable, folder: string): string | undefined {
  const files = manifest.filesOf(table);
  return files.length === 0 ? undefined : `SELECT * EXCLUDE (_until) FROM ${parquetFiles(folder, files)}`;
}

const emptyAbout = `NULL::TIMESTAMPTZ AS _known_at, NULL::VARCHAR AS _event_id, NULL::VARCHAR AS _topic, NULL::INTEGER AS _p, NULL::BIGINT AS _off`;

const duckTypes = { text: 'VARCHAR', numeric: 'DECIMAL(18,6)', boolean: 'BOOLEAN', integer: 'BIGINT', timestamptz: 'TIMESTAMPTZ' };

function emptyColumns({ columns }: HistoryTable): string {
  return columns.map(({ name, type }) => `NULL::${duckTypes[type]} AS "${name}"`).join(', ');
}
