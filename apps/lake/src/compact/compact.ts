import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { DuckDBInstance } from '@duckdb/node-api';

import { asLakeFault, LakeFault } from '../fault.ts';
import { publish, sha256Of } from '../manifest/durable.ts';
import { pathOf, type LakeFile, type Span } from '../manifest/lake-file.ts';
import type { ManifestWriter } from '../manifest/manifest-file.ts';
import type { SoundFiles } from '../sound/sound-files.ts';

/** Blocks that go into one sorted file, unless its values would be too many: see `mostValueBytes`. */
export const defaultBlocksPerFile = 40;
/** Bytes of the values in a sorted file. To sort and write it, the writer holds them all twice and more (measured: 512 MB are too many). */
const mostValueBytes = 256 * 1024 * 1024;

export interface CompactParts {
  readonly folder: string;
  readonly writer: ManifestWriter;
  readonly database: DuckDBInstance;
  readonly blocksPerFile: number;
  /** A file is full before it has that many blocks where its values would be more: 256 MB when absent. */
  readonly bytesPerFile?: number;
  onFile(file: LakeFile, replaced: readonly string[]): Promise<void> | void;
  readonly signal?: AbortSignal;
}

/**
 * Puts each full run of blocks together to one file sorted by tenant, key and offset: fewer files to open, and the events of one key lie
 * side by side. Pieces stay: they are still growing. The same blocks give the same bytes. Gives the number of files made. Throws `LakeFault` for
 * less than two blocks in a file, and when a block is damaged: those before it are put together then.
 */
export async function compact(parts: CompactParts): Promise<number> {
  // A file of one block would have the name of that block, and be written over it while somebody reads.
  if (!Number.isInteger(parts.blocksPerFile) || parts.blocksPerFile < 2)
    throw new LakeFault('lake/bad-option', `A sorted file holds 2 blocks or more, not ${parts.blocksPerFile}. Nothing was changed.`);
  let made = 0;
  const full = { blocks: parts.blocksPerFile, bytes: parts.bytesPerFile ?? mostValueBytes };
  for (const run of runsOfBlocks(parts.writer.manifest.files(), full)) {
    if (parts.signal?.aborted) break;
    await sortTogether(parts, run);
    made += 1;
  }
  return made;
}

/** Runs of so many blocks that follow each other in one partition, or of as many as have so many bytes of values; of two at least. */
function runsOfBlocks(
  files: readonly LakeFile[],
  full: { readonly blocks: number; readonly bytes: number },
): readonly (readonly LakeFile[])[] {
  const runs: LakeFile[][] = [];
  let run: LakeFile[] = [];
  for (const file of files) {
    const before = run.at(-1);
    if (file.kind !== 'block' || before?.topic !== file.topic || before.partition !== file.partition) run = [];
    if (file.kind !== 'block') continue;
    if (run.length >= 2 && bytesOf(run) + file.valueBytes > full.bytes) {
      runs.push(run);
      run = [];
    }
    run.push(file);
    if (run.length === full.blocks) {
      runs.push(run);
      run = [];
    }
  }
  return runs;
}

function bytesOf(files: readonly LakeFile[]): number {
  return files.reduce((sum, { valueBytes }) => sum + valueBytes, 0);
}

async function sortTogether(parts: CompactParts, run: readonly LakeFile[]): Promise<void> {
  await assertEveryByte(parts.writer.sound, run);
  const file = merged(run);
  const temporary = join(parts.folder, `${file.path}.tmp`);
  const sources = run.map(({ path }) => `'${join(parts.folder, path).replaceAll("'", "''")}'`).join(', ');
  const connection = await parts.database.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    // One thread: where several write, the row groups could come out otherwise the next time.
    await connection.run('SET threads = 1');
    await connection.run(
      `COPY (SELECT * FROM read_parquet([${sources}], hive_partitioning = false) ORDER BY tenant, key, off)
       TO '${temporary.replaceAll("'", "''")}' (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
    );
    const read = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, min(off)::INTEGER, max(off)::INTEGER, count(DISTINCT off)::INTEGER FROM read_parquet('${temporary.replaceAll("'", "''")}', hive_partitioning = false)`,
    );
    assertSame(file, read.getRowsJson()[0]?.map(Number) ?? []);
    const whole = { ...file, bytes: statSync(temporary).size, sha256: await sha256Of(temporary) };
    publish(temporary, join(parts.folder, file.path));
    const retired = run.map(({ path }) => path);
    parts.writer.commit({ added: [whole], retired });
    await parts.onFile(whole, retired);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asLakeFault(error, parts.folder);
  } finally {
    connection.closeSync();
  }
}

/** Whatever is noted: what is wrong in one of them would be right in the file that takes its place. */
async function assertEveryByte(sound: SoundFiles, run: readonly LakeFile[]): Promise<void> {
  for (const file of run) {
    const what = await sound.inspect(file);
    if (what !== undefined)
      throw new LakeFault(
        'lake/file-damaged',
        `${file.path} ${what}: restore it from a copy, or export into a new folder. It was put together with no other.`,
      );
  }
}

function assertSame({ rows, first, last, path }: LakeFile, [counted, min, max, distinct]: readonly number[]): void {
  if (counted === rows && distinct === rows && min === first && max === last) return;
  throw new LakeFault(
    'lake/file-damaged',
    `The files to put together to ${path} do not hold what the manifest says: run lake verify, which names the damaged one. Nothing was changed.`,
  );
}

function merged(run: readonly LakeFile[]): LakeFile {
  const [head] = run;
  const tail = run.at(-1);
  if (head === undefined || tail === undefined) throw new Error('nothing to put together');
  const { topic, partition, first } = head;
  const { last, lastSequence } = tail;
  const sum = (of: (file: LakeFile) => number): number => run.reduce((total, file) => total + of(file), 0);
  const events: Record<string, number> = {};
  for (const file of run) for (const [name, count] of Object.entries(file.events)) events[name] = (events[name] ?? 0) + count;
  return {
    ...{ path: pathOf(topic, partition, first, last), kind: 'sorted', topic, partition, first, last, lastSequence, bytes: 0, sha256: '' },
    rows: sum(({ rows }) => rows),
    valueBytes: sum(({ valueBytes }) => valueBytes),
    repeated: sum(({ repeated }) => repeated),
    faults: sum(({ faults }) => faults),
    occurred: spanOf(run.map(({ occurred }) => occurred)),
    recorded: spanOf(run.map(({ recorded }) => recorded)),
    events: Object.fromEntries(Object.entries(events).sort(([one], [two]) => (one < two ? -1 : 1))),
  };
}

function spanOf(spans: readonly (Span | null)[]): Span | null {
  const known = spans.filter((span) => span !== null);
  const from = known.map((span) => span.from).sort()[0];
  const to = known
    .map((span) => span.to)
    .sort()
    .at(-1);
  return from === undefined || to === undefined ? null : { from, to };
}
