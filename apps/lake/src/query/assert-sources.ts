import { LakeFault } from '../fault.ts';
import type { Personal } from '../personal/hidden-fields.ts';

/** Functions in place of a table that read no file. */
const harmless = new Set([
  ...['unnest', 'range', 'generate_series', 'repeat', 'repeat_row', 'json_each', 'json_tree'],
  ...['duckdb_views', 'duckdb_columns', 'duckdb_functions', 'duckdb_types', 'duckdb_settings', 'duckdb_keywords', 'pragma_version'],
]);

/** Those that read files, or tables by a name that is only known when they run. The database lets them into the lake's folder alone. */
const reading = new Set([
  ...['read_parquet', 'parquet_scan', 'parquet_schema', 'parquet_metadata', 'parquet_full_metadata'],
  ...['parquet_file_metadata', 'parquet_kv_metadata', 'parquet_bloom_probe'],
  ...['read_csv', 'read_csv_auto', 'sniff_csv', 'read_json', 'read_json_auto', 'read_json_objects', 'read_json_objects_auto'],
  ...['read_ndjson', 'read_ndjson_auto', 'read_ndjson_objects', 'read_text', 'read_blob', 'glob'],
  ...['query_table', 'histogram', 'histogram_values'],
]);

/** Functions of a value that look at what another statement would read, the smallest and largest values of a file with it. */
const planning = new Set(['json_serialize_plan']);

/** Where views are: DuckDB takes any other `"a/b"."parquet"` for the name of a file. */
const roomsOfViews = new Set(['', 'main', 'as_of', 'history', 'information_schema', 'pg_catalog', 'memory', 'system', 'temp']);

interface Node {
  readonly type?: unknown;
  readonly table_name?: unknown;
  readonly schema_name?: unknown;
  readonly catalog_name?: unknown;
  readonly function_name?: unknown;
  readonly function?: Node;
}

/**
 * Throws `LakeFault` when a statement, as DuckDB writes it down (`json_serialize_sql`), takes rows from a function that does more than read:
 * some switch things and write files, also within a SELECT. Where personal data is hidden, views alone are read: a file would be read past
 * them.
 */
export function assertSources(node: unknown, personal: Personal): void {
  if (Array.isArray(node)) {
    for (const each of node) assertSources(each, personal);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const past = personal === 'hidden' ? pastTheViews(node) : undefined;
  if (past !== undefined)
    throw new LakeFault(
      'lake/query-refused',
      `${past} would read past the views, which hide personal data: ask the views, or say why you may see it with --reveal.`,
    );
  const call = tableFunction(node);
  if (call !== undefined && !harmless.has(call) && !reading.has(call))
    throw new LakeFault('lake/query-refused', `${call} does more than read, or what it reads cannot be told: SELECT from views and files.`);
  for (const each of Object.values(node)) assertSources(each, personal);
}

/** What of this one node reads something else than a view. */
function pastTheViews(node: Node): string | undefined {
  const call = tableFunction(node);
  if (call !== undefined && reading.has(call)) return call;
  const planned = nameIn(node.function_name).toLowerCase();
  if (planning.has(planned)) return planned;
  if (node.type !== 'BASE_TABLE') return undefined;
  const [catalog, schema, table] = [nameIn(node.catalog_name), nameIn(node.schema_name), nameIn(node.table_name)];
  const isView = /^\w+$/.test(table) && [catalog, schema].every((room) => roomsOfViews.has(room.toLowerCase()));
  return isView ? undefined : [catalog, schema, table].filter((name) => name !== '').join('.');
}

function tableFunction({ type, function: call }: Node): string | undefined {
  return type === 'TABLE_FUNCTION' ? nameIn(call?.function_name).toLowerCase() : undefined;
}

function nameIn(name: unknown): string {
  return typeof name === 'string' ? name : '';
}
