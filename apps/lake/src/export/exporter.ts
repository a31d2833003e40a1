import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { DuckDBInstance } from '@duckdb/node-api';
import type { EventLog, LogRecord, TopicPartition } from '@instep/event-log';

import { asLakeFault, LakeFault } from '../fault.ts';
import { publishMeanwhile, sha256Of } from '../manifest/durable.ts';
import { partitionFolder, pathOf, type LakeFile } from '../manifest/lake-file.ts';
import type { ManifestWriter } from '../manifest/manifest-file.ts';
import { nextOffset } from '../manifest/manifest.ts';
import type { BlockLimits } from './limits.ts';
import { completesBlock, piecesAtEnd, piecesToReplace } from './next-file.ts';
import { Stage } from './stage.ts';

export interface ExporterParts {
  readonly log: EventLog;
  readonly folder: string;
  readonly writer: ManifestWriter;
  readonly database: DuckDBInstance;
  readonly limits: BlockLimits;
  /** After a file became part of the lake. `replaced`: paths that it took the place of. */
  onFile(file: LakeFile, replaced: readonly string[]): Promise<void> | void;
  /** How many records the log has beyond the lake, before the first is read. */
  onPlan?(records: number): void;
  readonly signal?: AbortSignal;
}

interface Waiting extends TopicPartition {
  readonly missing: number;
  readonly end: number;
}

/** Partitions that are worked on side by side: one is read while DuckDB writes another. */
const AT_ONCE = 2;

/**
 * Brings the lake up to the end of the log as it is at the call. Each file is written under another name, forced to the disk and renamed
 * before the manifest names it; so a crash at any point leaves a lake that is whole, and the next export goes on behind it.
 */
export async function exportOnce(parts: ExporterParts, topics: readonly string[]): Promise<void> {
  const waiting: Waiting[] = [];
  for (const topic of topics) {
    for (const { partition, first, next } of await parts.log.bounds(topic)) {
      const wanted = nextOffset(parts.writer.manifest.partition(topic, partition));
      assertReachable({ topic, partition }, wanted, first, next);
      if (wanted < next) waiting.push({ topic, partition, missing: next - wanted, end: next });
    }
  }
  parts.onPlan?.(waiting.reduce((sum, { missing }) => sum + missing, 0));
  // The longest first: no partition is left to one worker alone at the end.
  waiting.sort((one, two) => two.missing - one.missing);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(parts.signal ? [parts.signal] : [])]);
  const workers = Array.from({ length: AT_ONCE }, () => work(parts, waiting, signal).catch((error: unknown) => stop.abort(error)));
  // All of them, also when one failed: whoever called closes what they write to.
  await Promise.all(workers);
  if (stop.signal.aborted) throw asLakeFault(stop.signal.reason, parts.folder);
}

async function work(parts: ExporterParts, waiting: Waiting[], signal: AbortSignal): Promise<void> {
  if (waiting.length === 0) return;
  const stage = await Stage.open(parts.database);
  try {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      while (!signal.aborted && (await exportFile(parts, stage, next, next.end)));
    }
  } finally {
    stage.close();
  }
}

/** Writes the next file of a partition. Whether there was something to write. */
async function exportFile(parts: ExporterParts, stage: Stage, target: TopicPartition, end: number): Promise<boolean> {
  const files = parts.writer.manifest.partition(target.topic, target.partition);
  const from = nextOffset(files);
  if (from >= end) return false;
  const pieces = piecesAtEnd(files);
  const before = {
    rows: pieces.reduce((sum, { rows }) => sum + rows, 0),
    valueBytes: pieces.reduce((sum, { valueBytes }) => sum + valueBytes, 0),
  };
  const { records, complete } = await take(parts, target, { from, end, before });
  if (records.length === 0) return false;
  const replaced = piecesToReplace(pieces, records.length, complete);
  const first = replaced[0]?.first ?? from;
  const earlier = first < from ? await readAll(parts.log, target, first, from) : [];
  await writeFile(parts, stage, target, { records: [...earlier, ...records], complete, replaced });
  return true;
}

interface Taking {
  readonly from: number;
  readonly end: number;
  /** What the pieces of the block hold already. */
  readonly before: { readonly rows: number; readonly valueBytes: number };
}

/** Records up to the end of the block, or of the log. */
async function take(
  { log, limits }: ExporterParts,
  target: TopicPartition,
  { from, end, before }: Taking,
): Promise<{ records: LogRecord[]; complete: boolean }> {
  const records: LogRecord[] = [];
  let { rows, valueBytes } = before;
  // Not further than a block can reach: the reader fetches ahead.
  for await (const batch of log.read(target, from, Math.min(end, from + limits.records - rows))) {
    for (const record of batch) {
      records.push(record);
      rows += 1;
      valueBytes += record.value.length;
      if (completesBlock({ rows, valueBytes }, limits)) return { records, complete: true };
    }
  }
  return { records, complete: false };
}

async function readAll(log: EventLog, target: TopicPartition, from: number, to: number): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const batch of log.read(target, from, to)) records.push(...batch);
  return records;
}

interface Content {
  readonly records: readonly LogRecord[];
  readonly complete: boolean;
  readonly replaced: readonly LakeFile[];
}

async function writeFile(parts: ExporterParts, stage: Stage, target: TopicPartition, content: Content): Promise<void> {
  const { topic, partition } = target;
  const { records, complete, replaced } = content;
  const first = records[0]?.offset ?? 0;
  const last = first + records.length - 1;
  assertContiguous(target, records, first);
  const files = parts.writer.manifest.partition(topic, partition);
  const lastSequence = files.find((file) => file.last === first - 1)?.lastSequence ?? 0;
  const path = pathOf(topic, partition, first, last);
  const final = join(parts.folder, path);
  const temporary = `${final}.tmp`;
  mkdirSync(join(parts.folder, partitionFolder(topic, partition)), { recursive: true });
  try {
    const facts = await stage.write(target, records, lastSequence, temporary);
    const sha256 = await sha256Of(temporary);
    const bytes = statSync(temporary).size;
    await publishMeanwhile(temporary, final);
    const file: LakeFile = { path, kind: complete ? 'block' : 'piece', topic, partition, first, last, ...facts, bytes, sha256 };
    const paths = replaced.map((each) => each.path);
    parts.writer.commit({ added: [file], retired: paths.filter((each) => each !== path) });
    await parts.onFile(file, paths);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** A log without transactions numbers its records without gap; where it does not, a count would prove nothing. */
function assertContiguous({ topic, partition }: TopicPartition, records: readonly LogRecord[], first: number): void {
  const wrong = records.findIndex((record, index) => record.offset !== first + index);
  if (wrong < 0) return;
  throw new LakeFault(
    'lake/log-gap',
    `${topic}/${partition} has no record at offset ${first + wrong}: the log lost it, or somebody wrote with transactions. Nothing behind it was exported.`,
  );
}

function assertReachable({ topic, partition }: TopicPartition, wanted: number, first: number, next: number): void {
  if (wanted < first)
    throw new LakeFault(
      'lake/log-gap',
      `${topic}/${partition} begins at offset ${first}, and the lake holds it up to ${wanted}: what lies between has expired in the log. Set retention.ms=-1 and restore the lake from a copy that has it.`,
    );
  if (wanted > next)
    throw new LakeFault(
      'lake/log-behind',
      `The lake holds ${topic}/${partition} up to offset ${wanted}, and the log ends at ${next}: this lake was made from another log. Export into a new folder (--lake).`,
    );
}
