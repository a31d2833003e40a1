import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { LogRecord } from '@instep/event-log';
import { publish } from '@instep/lake/log';

import { asReplayFault, ReplayFault } from '../fault.ts';
import type { Mark } from '../job/job.ts';
import { lineOf, rowLineOf } from './line-of-record.ts';
import type { Sink } from './sink.ts';
import { parquetOf, spillOf } from './parquet.ts';

const NOTHING = Buffer.alloc(0);

/**
 * A file of records, one line each, or of rows. It is written under a name of its own beside its place, and gets its name when it is whole.
 * `id`: of the replay.
 */
export function fileSink(path: string, format: 'ndjson' | 'parquet', id: string): Sink {
  const part = join(dirname(path), `.${basename(path)}.${id}.part`);
  const made = `${part}.parquet`;
  const line = format === 'parquet' ? rowLineOf : lineOf;
  let descriptor: number | undefined;
  let size = 0;

  const open = (): number => (descriptor ??= opened(part, path));
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  /** Whether the file has its name from us. Rows get it a moment before the lines that they were made from go. */
  const isWhole = async ({ bytes }: Mark): Promise<boolean> => {
    if (bytes === undefined || !existsSync(path)) return false;
    if (!existsSync(part)) return true;
    return format === 'parquet' && statSync(part).size === bytes && (await givesSameRows());
  };
  const givesSameRows = async (): Promise<boolean> => {
    await parquetOf(part, made);
    return (await sha256Of(made)) === (await sha256Of(path));
  };
  const clear = (): void => {
    for (const left of [part, made, spillOf(made)]) if (existsSync(left)) rmSync(left, { recursive: true });
  };
  const somebodys = (): ReplayFault =>
    new ReplayFault(
      'replay/target-exists',
      `Somebody made ${path} while the replay ran, and a replay never writes over anything: move it away, then npm run replay -- resume ${id}.`,
    );
  return {
    name: path,
    resume: async (mark) => {
      size = mark.bytes ?? 0;
      if (!existsSync(part) && existsSync(path)) {
        // Begun before: finished before the crash, but for the note of it.
        if (mark.bytes === undefined) throw somebodys();
        return;
      }
      if (fstatSync(open()).size < size)
        throw new ReplayFault(
          'replay/target-changed',
          `${part} is shorter than what was written to it: cancel this replay (npm run replay -- cancel ${id}) and begin another.`,
        );
      ftruncateSync(open(), size);
    },
    write: async (records: readonly LogRecord[]) => {
      // A file that is whole lacks nothing.
      if (descriptor === undefined && existsSync(path)) throw somebodys();
      size += writeWhole(open(), Buffer.from(records.map(line).join('')));
    },
    flush: async () => {
      if (descriptor !== undefined) fsyncSync(descriptor);
      return { bytes: size };
    },
    finish: async () => {
      close();
      if (!existsSync(part)) return;
      if (!existsSync(path)) {
        if (format === 'parquet') await parquetOf(part, made);
        publish(format === 'parquet' ? made : part, path);
      } else if (!(await isWhole({ bytes: size }))) throw somebodys();
      clear();
    },
    discard: async (mark) => {
      close();
      const left = (await isWhole(mark)) ? `${path} was whole already and stays` : undefined;
      clear();
      return left;
    },
    close: async () => {
      close();
    },
  };
}

function opened(part: string, path: string): number {
  try {
    mkdirSync(dirname(part), { recursive: true });
    return openSync(part, 'a');
  } catch (error) {
    const known = asReplayFault(error, path);
    if (known instanceof ReplayFault) throw known;
    const why = error instanceof Error ? error.message : String(error);
    throw new ReplayFault(
      'replay/bad-option',
      `${path} cannot be written (${why}): name another file, or let this user write there.`,
      error,
    );
  }
}

/** One call need not write all of it: a disk may be full in the middle. */
function writeWhole(descriptor: number, bytes: Buffer): number {
  let rest = bytes;
  while (rest.length > 0) {
    const written = writeSync(descriptor, rest);
    rest = written === rest.length ? NOTHING : rest.subarray(written);
  }
  return bytes.length;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
