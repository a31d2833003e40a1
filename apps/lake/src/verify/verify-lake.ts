import { join } from 'node:path';

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { findVersion } from '@instep/contracts';
import type { EventLog } from '@instep/event-log';

import type { LakeFile } from '../manifest/lake-file.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import { nextOffset, type Manifest } from '../manifest/manifest.ts';
import { SoundFiles } from '../sound/sound-files.ts';
import { extraFiles } from './extra-files.ts';
import { factsOfFiles } from './facts-of-files.ts';
import type { Finding } from './finding.ts';
import { noteAll } from './note-all.ts';
import { stillWrong } from './still-wrong.ts';
import { verifyHistory } from './verify-history.ts';
import { verifyTable } from './verify-table.ts';

/** The three counts that must agree for each partition: what the relay numbered, what the log holds, what the lake holds. */
export interface PartitionCount {
  readonly topic: string;
  readonly partition: number;
  /** Rows in the files, counted in the files. */
  readonly rows: number;
  /** Rows without those that were sent again. */
  readonly distinct: number;
  /** Last number that the relay gave; undefined on a topic without numbers. */
  readonly lastSequence: number | undefined;
  /** Records in the log up to where the lake ends; undefined when no log was asked. */
  readonly inLog: number | undefined;
  /** Records in the log that are not in the lake yet. */
  readonly behind: number | undefined;
}

export interface Verification {
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly counts: readonly PartitionCount[];
}

export interface VerifyParts {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Counted against when given. */
  readonly log?: EventLog;
  /** The copy of the manifest there is compared when given. */
  readonly databaseUrl?: string;
  onProgress?(done: number, of: number): void;
}

/** Reads every byte of every file, whatever is noted of it, and compares files, manifest and log. Notes which files are sound, and changes nothing else. */
export async function verifyLake({ folder, manifest, log, databaseUrl, onProgress }: VerifyParts): Promise<Verification> {
  const files = manifest.files();
  const findings: Finding[] = [];
  const sound: LakeFile[] = [];
  const known = new SoundFiles(folder);
  for (const [done, file] of files.entries()) {
    const found = await inspect(known, file);
    if (found) findings.push(found);
    else sound.push(file);
    onProgress?.(done + 1, files.length);
  }
  await noteAll(known);
  findings.push(...(await stillWrong(folder, () => extraFiles(folder, readManifest(folder)))));
  findings.push(...(await verifyHistory(folder)));
  if (databaseUrl !== undefined) findings.push(...(await verifyTable(folder, databaseUrl)));
  findings.push(...unreadable(files));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const counts: PartitionCount[] = [];
    for (const { topic, partition } of partitionsOf(files)) {
      const those = manifest.partition(topic, partition);
      const readable = those.filter((file) => sound.includes(file));
      const count = await countRows(connection, folder, readable);
      const bounds = (await log?.bounds(topic))?.find((each) => each.partition === partition);
      const inLog = bounds ? Math.min(nextOffset(those), bounds.next) - bounds.first : undefined;
      const whole = readable.length === those.length;
      findings.push(...(await factsOfFiles(connection, folder, readable)));
      if (whole) findings.push(...numbersOf(topic, partition, those, count, inLog));
      counts.push({
        ...{ topic, partition, rows: count.rows, distinct: count.distinct, inLog },
        lastSequence: count.last === 0 ? undefined : count.last,
        behind: bounds ? bounds.next - nextOffset(those) : undefined,
      });
    }
    return { files: files.length, findings, counts };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function inspect(known: SoundFiles, file: LakeFile): Promise<Finding | undefined> {
  const what = await known.inspect(file);
  if (what === undefined) return undefined;
  const code = what === 'is missing' ? 'missing-file' : 'damaged-file';
  return { code, kind: 'wrong', sentence: `${file.path} ${what}: restore it from a copy, or export into a new folder.` };
}

/** What the log itself holds that this release cannot read; the lake keeps it as it is. */
function unreadable(files: readonly LakeFile[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { events } of files) for (const [name, count] of Object.entries(events)) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].flatMap(([name, count]): Finding[] => {
    if (name === '(no event)')
      return [
        { code: 'no-event', kind: 'note', sentence: `${count} records are no events: SELECT * FROM log_records WHERE fault IS NOT NULL.` },
      ];
    if (findVersion(name)) return [];
    return [
      {
        code: 'unknown-event',
        kind: 'note',
        sentence: `${count} records are "${name}", which this release does not know: no view of an event shows them; SELECT * FROM unknown_events, or use a newer release.`,
      },
    ];
  });
}

interface RowCount {
  readonly rows: number;
  readonly offsets: number;
  readonly distinct: number;
  readonly numbers: number;
  readonly last: number;
}

async function countRows(connection: DuckDBConnection, folder: string, files: readonly LakeFile[]): Promise<RowCount> {
  if (files.length === 0) return { rows: 0, offsets: 0, distinct: 0, numbers: 0, last: 0 };
  const list = files.map(({ path }) => `'${join(folder, path).replaceAll("'", "''")}'`).join(', ');
  const read = await connection.runAndReadAll(
    `SELECT count(*), count(DISTINCT off), count(*) FILTER (WHERE NOT repeated), count(DISTINCT seq), coalesce(max(seq), 0)
     FROM read_parquet([${list}], hive_partitioning = false)`,
  );
  const [rows = 0, offsets = 0, distinct = 0, numbers = 0, last = 0] = read.getRowsJson()[0]?.map(Number) ?? [];
  return { rows, offsets, distinct, numbers, last };
}

function numbersOf(topic: string, partition: number, files: readonly LakeFile[], count: RowCount, inLog: number | undefined): Finding[] {
  const place = `${topic}/${partition}`;
  const findings: Finding[] = [];
  const wanted = nextOffset(files);
  if (count.rows !== wanted || count.offsets !== wanted)
    findings.push({
      code: 'wrong-rows',
      kind: 'wrong',
      sentence: `${place} holds ${count.rows} rows with ${count.offsets} offsets where the manifest has ${wanted}: export into a new folder.`,
    });
  if (count.last > 0 && (count.numbers !== count.last || count.distinct !== count.last))
    findings.push({
      code: 'gap-in-numbers',
      kind: 'wrong',
      sentence: `${place} carries ${count.numbers} different numbers up to ${count.last}: records are missing in the log itself; consumers stop there too.`,
    });
  if (inLog !== undefined && inLog !== wanted)
    findings.push({
      code: 'log-disagrees',
      kind: 'wrong',
      sentence: `${place} has ${inLog} records in the log where the lake holds ${wanted}: this lake was made from another log, or the log lost records.`,
    });
  return findings;
}

function partitionsOf(files: readonly LakeFile[]): readonly { readonly topic: string; readonly partition: number }[] {
  const known = new Map(files.map(({ topic, partition }) => [`${topic}/${partition}`, { topic, partition }]));
  return [...known.values()];
}
