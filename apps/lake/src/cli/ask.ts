import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { LakeFault } from '../fault.ts';
import { manifestPath } from '../manifest/manifest-file.ts';
import { defaultQueryLimits, type QueryLimits } from '../query/limits.ts';
import type { Answer, Format } from '../query/messages.ts';
import { QueryProcess } from '../query/query-runner.ts';
import { recordReveal } from '../personal/reveals.ts';
import type { AsOf } from '../row-history/as-of-views.ts';
import { showProgress, summary } from './sql-answer.ts';

/** A question and how its answer is wanted. */
export interface AskOptions {
  readonly lake: string;
  readonly set: Readonly<Record<string, string>>;
  readonly format: Format | undefined;
  readonly out: string | undefined;
  readonly rows: number | undefined;
  readonly timeout: number;
  readonly memory: number;
  readonly asOf?: AsOf;
  /** Why personal data is to be seen. Hidden without. */
  readonly reveal: string | undefined;
}

/** Asks, and writes the answer where it is wanted. */
export async function ask(sql: string, options: AskOptions, signal: AbortSignal): Promise<void> {
  const format = options.format ?? (process.stdout.isTTY && options.out === undefined ? 'table' : 'csv');
  const binary = format === 'parquet' || format === 'arrow';
  if (binary && options.out === undefined && process.stdout.isTTY)
    throw new LakeFault('lake/bad-option', `${format} is not for a terminal: name a file with --out, or send the output on.`);
  if (options.reveal !== undefined) recordReveal(options.lake, options.reveal, sql);
  const question = QueryProcess.start(options.lake, limitsOf(options, format), options.asOf);
  const { bytes, done } = question.ask({ sql, values: options.set, format, signal, onProgress: showProgress });
  const answer = options.out === undefined ? await shown(bytes, done) : await written(bytes, done, options.out);
  process.stderr.write(summary(answer));
}

async function shown(bytes: Readable, done: Promise<Answer>): Promise<Answer> {
  const [answer] = await Promise.all([done, pipeline(bytes, process.stdout, { end: false })]);
  return answer;
}

/** A file has its name when all of the answer is in it: what a failed query or a full disk left of one goes. */
async function written(bytes: Readable, done: Promise<Answer>, out: string): Promise<Answer> {
  const part = `${out}.part`;
  done.catch(() => undefined); // awaited below
  try {
    await pipeline(bytes, createWriteStream(part));
    const answer = await done;
    renameSync(part, out);
    return answer;
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof LakeFault) throw error;
    throw new LakeFault('lake/bad-option', `The answer cannot be written to ${out}: ${(error as Error).message}.`, error);
  }
}

export function limitsOf(options: Pick<AskOptions, 'timeout' | 'memory' | 'rows' | 'reveal'>, format: Format): QueryLimits {
  const rows = options.rows ?? (format === 'table' ? 1000 : defaultQueryLimits.rows);
  return {
    ...defaultQueryLimits,
    seconds: options.timeout,
    memoryMb: options.memory,
    rows,
    personal: options.reveal === undefined ? 'hidden' : 'shown',
  };
}

export function assertLake(folder: string): void {
  if (!existsSync(manifestPath(folder)))
    throw new LakeFault(
      'lake/empty',
      `There is no lake in ${folder}: npm start keeps one, npm run lake -- export makes one, and --lake names another folder.`,
    );
}
