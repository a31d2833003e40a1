import { join } from 'node:path';

import type { DuckDBConnection, Json } from '@duckdb/node-api';

import type { LakeFile } from '../manifest/lake-file.ts';
import { quoted } from '../query/locked-database.ts';
import type { Finding } from './finding.ts';

/**
 * Compares what the manifest says of files with what lies in them. Views read only the files that hold their event, and answers tell up to
 * when they are true: both are taken from the manifest, so a wrong word there would leave something out and say nothing.
 */
export async function factsOfFiles(connection: DuckDBConnection, folder: string, files: readonly LakeFile[]): Promise<readonly Finding[]> {
  if (files.length === 0) return [];
  const from = `read_parquet([${files.map(({ path }) => quoted(join(folder, path))).join(', ')}], hive_partitioning = false, filename = true)`;
  const read = await connection.runAndReadAll(
    `SELECT filename, CASE WHEN type_version IS NULL THEN '(no event)' ELSE concat(type, '/', type_version) END, count(*),
       count(*) FILTER (WHERE fault IS NOT NULL), count(*) FILTER (WHERE repeated),
       ${times.flatMap((name) => [iso(`min(${name})`), iso(`max(${name})`)]).join(', ')}
     FROM ${from} GROUP BY ALL`,
  );
  const rows = Map.groupBy(read.getRowsJson(), ([name]) => name);
  return files.flatMap((file) => {
    const wrong = differences(file, rows.get(join(folder, file.path)) ?? []);
    if (wrong.length === 0) return [];
    const sentence = `The manifest says other ${wrong.join(' and ')} of ${file.path} than lie in it: restore the manifest, or export into a new folder.`;
    return [{ code: 'wrong-manifest', kind: 'wrong', sentence }];
  });
}

const times = ['occurred_at', 'recorded_at'];

/** As the manifest spells them. */
function iso(time: string): string {
  return `strftime(${time}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
}

function differences({ events, faults, repeated, occurred, recorded }: LakeFile, rows: readonly (readonly Json[])[]): readonly string[] {
  const sum = (column: number): number => rows.reduce((total, row) => total + Number(row[column]), 0);
  const span = (from: number): string => JSON.stringify([edge(rows, from).at(0), edge(rows, from + 1).at(-1)]);
  return [
    ...(text(rows.map(([, name, count]) => [name, count])) === text(Object.entries(events)) ? [] : ['events']),
    ...(sum(3) === faults && sum(4) === repeated ? [] : ['counts']),
    ...(span(5) === spanIn(occurred) && span(7) === spanIn(recorded) ? [] : ['times']),
  ];
}

function text(counts: readonly (readonly [unknown, unknown])[]): string {
  return counts
    .map(([name, count]) => `${String(name)} ${String(count)}`)
    .sort()
    .join('\n');
}

function edge(rows: readonly (readonly Json[])[], column: number): readonly string[] {
  return rows
    .map((row) => row[column])
    .filter((time) => typeof time === 'string')
    .sort();
}

function spanIn(span: LakeFile['recorded']): string {
  return JSON.stringify([span?.from, span?.to]);
}
