import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { LogRecord } from '@instep/event-log';
import { publish } from '@instep/lake/log';

import { ReplayFault } from '../fault.ts';
import type { Mark } from '../job/job.ts';
import { lineOf } from './line-of-record.ts';
import type { Sink } from './sink.ts';
import { parquetOf } from './parquet.ts';

const NOTHING = Buffer.alloc(0);

/**
 * A file of records, one line each, or of rows. It is written under a name of its own beside its place, and gets its name when it is whole.
 * `id`: of the replay.
 */
export function fileSink(path: string, format: 'ndjson' | 'parquet', id: string): Sink {
  const part = join(dirname(path), `.${basename(path)}.${id}.part`);
  const made = `${part}.parquet`;
  let descriptor: number | undefined;
  let size = 0;

  const open = (): number => (descriptor ??= openSync(part, 'a'));
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    name: path,
    resume: async ({ bytes = 0 }: Mark) => {
      mkdirSync(dirname(path), { recursive: true });
      // Finished before the crash, but for the note of it.
      if (!existsSync(part) && existsSync(path)) return;
      if (fstatSync(open()).size < bytes)
        throw new ReplayFault(
          'replay/target-changed',
          `${part} is shorter than what was written to it: cancel this replay (npm run replay -- cancel ${id}) and begin another.`,
        );
      ftruncateSync(open(), bytes);
      size = bytes;
    },
    write: async (records: readonly LogRecord[]) => {
      if (!existsSync(part) && existsSync(path)) return;
      size += writeWhole(open(), Buffer.from(records.map(lineOf).join('')));
    },
    flush: async () => {
      if (descriptor !== undefined) fsyncSync(descriptor);
      return { bytes: size };
    },
    finish: async () => {
      close();
      if (!existsSync(part)) return;
      if (existsSync(path))
        throw new ReplayFault(
          'replay/target-exists',
          `Somebody made ${path} while the replay ran, and a replay never writes over anything: move it away, then npm run replay -- resume ${id}.`,
        );
      if (format === 'parquet') await parquetOf(part, made);
      publish(format === 'parquet' ? made : part, path);
      rmSync(part, { force: true });
    },
    discard: async () => {
      close();
      for (const file of [part, made]) rmSync(file, { force: true });
    },
    close: async () => {
      close();
    },
  };
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
