import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { olderEvents } from '@instep/contracts';

import type { LakeFile } from '../manifest/lake-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { hiddenFields, withoutFields, type Personal } from '../personal/hidden-fields.ts';
import { columns } from '../record/columns.ts';
import { definitions, eventView, type View } from './event-views.ts';

/** Where the views over views lie, one file each, named as the view; the first line says what it shows. */
const businessFolder = fileURLToPath(new URL('../../views/', import.meta.url));

/**
 * All views of a lake, each after those it uses. They name the files of the manifest one by one, never by a pattern: a file that is not
 * part of the lake is not read, and a missing one is an error. `pathOf`: how a path of the manifest is spelled for the reader. Personal data
 * is shown unless told otherwise.
 */
export function lakeViews(manifest: Manifest, pathOf: (path: string) => string, personal: Personal = 'shown'): readonly View[] {
  const files = manifest.files();
  const read = (those: readonly LakeFile[]): string => fileTable(those.map(({ path }) => pathOf(path)));
  const known = [...definitions, ...olderEvents].map(({ name, version }) => `${name}/${version}`);
  return [
    {
      name: 'log_records',
      meaning: 'Every record of the log as it was written, also what was sent again and what is no event.',
      sql:
        personal === 'shown'
          ? `SELECT * FROM ${read(files)}`
          : `SELECT * REPLACE (${hiddenData()} AS data, NULL::BLOB AS value) FROM ${read(files)}`,
    },
    {
      name: 'events',
      meaning: 'Every event once, of all topics: the envelope, and the data as JSON.',
      sql: `SELECT * EXCLUDE (repeated, fault, value) REPLACE (data::JSON AS data) FROM log_records WHERE NOT repeated AND fault IS NULL`,
    },
    {
      name: 'unknown_events',
      meaning: 'Events, or versions of them, that this release does not know and so no other view shows.',
      sql: `SELECT * FROM events WHERE concat(type, '/', type_version) NOT IN (${known.map((name) => `'${name}'`).join(', ')})`,
    },
    ...definitions.map((definition) => {
      const holding = files.filter((file) => holds(file, definition.name));
      return eventView(definition, `(SELECT * FROM ${read(holding)} WHERE NOT repeated AND fault IS NULL)`, { personal });
    }),
    ...businessViews(),
  ];
}

/** The data without what names or reaches a person. What no contract describes is hidden whole: nobody knows what is in it. */
function hiddenData(): string {
  const all = [...definitions, ...olderEvents];
  const cases = all.map((definition) => {
    const { name, version } = definition;
    return `WHEN type = '${name}' AND type_version = ${version} THEN ${withoutFields('data', hiddenFields(definition))}`;
  });
  return `CASE ${cases.join(' ')} END`;
}

function holds({ events }: LakeFile, name: string): boolean {
  return Object.keys(events).some((version) => version.startsWith(`${name}/`));
}

function fileTable(paths: readonly string[]): string {
  if (paths.length > 0)
    return `read_parquet([${paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')}], hive_partitioning = false)`;
  const nothing = columns.map(({ name, type }) => `NULL::${type} AS ${name}`);
  return `(SELECT ${nothing.join(', ')} WHERE false)`;
}

/** In the order in which they build on each other: by the number that begins the file's name. */
export function businessViews(): readonly View[] {
  return readdirSync(businessFolder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(`${businessFolder}${file}`, 'utf8').trim();
      const [first = '', ...rest] = text.split('\n');
      return {
        name: file.replace(/^\d+-/, '').replace('.sql', '').replaceAll('-', '_'),
        meaning: first.replace(/^--\s*/, ''),
        sql: rest.join('\n').trim(),
      };
    });
}

/** The views as a script for any DuckDB that is started in the lake's folder. */
export function viewsScript(manifest: Manifest): string {
  const views = lakeViews(manifest, (path) => path);
  const head = `-- Views over the files of this folder, for DuckDB: cd here, then duckdb -init views.sql
-- Made by npm run lake -- views from ${manifest.files().length} files; other tools find the list of files in files.json.
SET TimeZone = 'UTC';
`;
  return (
    head +
    views.map(({ name, meaning, sql }) => `\n-- ${meaning.replaceAll('\n', ' ')}\nCREATE OR REPLACE VIEW ${name} AS\n${sql};\n`).join('')
  );
}

/** The list of files for tools that do not read the views: `{ "orders": ["topic=orders/p=000/…parquet"] }`. */
export function fileList(manifest: Manifest): string {
  const topics: Record<string, string[]> = {};
  for (const { topic, path } of manifest.files()) (topics[topic] ??= []).push(path);
  return `${JSON.stringify(topics, undefined, 2)}\n`;
}
