import { createWriteStream, existsSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { LakeFault } from '../fault.ts';
import { manifestPath } from '../manifest/manifest-file.ts';
import { defaultQueryLimits, type QueryLimits } from '../query/limits.ts';
import type { Format } from '../query/messages.ts';
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
  const question = QueryProcess.start(options.lake, limitsOf(options, format));
  const { bytes, done } = question.ask({
    ...{ sql, values: options.set, format, signal, onProgress: showProgress },
    ...(options.asOf && { asOf: options.asOf }),
  });
  const to: Writable = options.out === undefined ? process.stdout : createWriteStream(options.out);
  const [answer] = await Promise.all([done, pipeline(bytes, to, { end: options.out !== undefined })]);
  process.stderr.write(summary(answer));
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
