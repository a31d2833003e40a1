import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { LakeFault, type LakeFaultCode } from '../fault.ts';
import type { AsOf } from '../row-history/as-of-views.ts';
import type { QueryLimits } from './limits.ts';
import type { Answer, Format, Report, Request, Start } from './messages.ts';

export interface Asking {
  readonly sql: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly format: Format;
  /** Percent, where DuckDB can tell. */
  onProgress?(percent: number): void;
  /** Stops the query. */
  readonly signal?: AbortSignal;
}

export interface Answering {
  /** The answer's bytes. Read them, or the query waits. Ends in the middle when the query fails. */
  readonly bytes: Readable;
  /** Rejects with `LakeFault` when the query was refused, failed, or was ended. */
  readonly done: Promise<Answer>;
}

/** Characters of a statement. Nobody writes more, and reading it would take the process's memory. */
const LONGEST = 1_000_000;

/** From stopping a query politely to ending its process. */
const GRACE_MS = 1_000;

const program = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './query-process.ts' : './query-process.js', import.meta.url));

/**
 * A process that has the lake open and waits for one question. Starting takes about half a second, and longer where files of the lake are read
 * for the first time, so ask for it early. The time that a query may take begins behind that. It knows nothing of this process's environment.
 */
export class QueryProcess {
  readonly #child: ChildProcess;
  readonly #limits: QueryLimits;
  readonly #scratch: string;
  readonly #ready: Promise<void>;

  private constructor(child: ChildProcess, limits: QueryLimits, scratch: string) {
    this.#child = child;
    this.#limits = limits;
    this.#scratch = scratch;
    this.#ready = new Promise((resolveReady, reject) => {
      child.once('message', (report: Report) => (report.kind === 'fault' ? reject(faultFrom(report)) : resolveReady()));
      child.once('error', reject);
      child.once('exit', () =>
        reject(new LakeFault('lake/query-failed', 'The query process ended before it was ready: run the command again.')),
      );
    });
    this.#ready.catch(() => undefined); // whoever asks hears of it
    child.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  }

  /** `asOf`: with the views of the rows as of this moment. */
  static start(lake: string, limits: QueryLimits, asOf?: AsOf): QueryProcess {
    const scratch = mkdtempSync(join(tmpdir(), 'lake-query-'));
    const start: Start = { lake: resolve(lake), scratch, limits, ...(asOf && { asOf }) };
    const source = program.endsWith('.ts') ? ['--conditions=instep-source'] : [];
    const child = fork(program, [JSON.stringify(start)], {
      execArgv: [...source, '--max-old-space-size=512'],
      env: { PATH: process.env['PATH'], HOME: scratch, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    return new QueryProcess(child, limits, scratch);
  }

  /** Once per process. */
  ask({ sql, values = {}, format, onProgress, signal }: Asking): Answering {
    const child = this.#child;
    const bytes = child.stdout;
    if (bytes === null) throw new Error('a query process has an output');
    if (sql.length > LONGEST) {
      this.end();
      throw new LakeFault('lake/bad-option', `A statement has at most ${LONGEST} characters, and this has ${sql.length}.`);
    }
    return { bytes, done: this.#watch({ kind: 'run', sql, values, format }, onProgress, signal) };
  }

  /** Ends a process that nobody asked. */
  end(): void {
    this.#child.kill('SIGKILL');
  }

  async #watch(request: Request, onProgress: Asking['onProgress'], signal: AbortSignal | undefined): Promise<Answer> {
    await this.#openUnless(signal);
    const child = this.#child;
    let ended: LakeFault | undefined;
    const stop = (why: LakeFault): void => {
      if (ended) return;
      ended = why;
      if (child.connected) child.send({ kind: 'interrupt' } satisfies Request);
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    const timer = setTimeout(() => stop(tooLong(this.#limits)), this.#limits.seconds * 1000);
    const onAbort = (): void => stop(stopped());
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort);
    try {
      return await new Promise<Answer>((resolveAnswer, reject) => {
        child.on('message', (report: Report) => {
          if (report.kind === 'progress') onProgress?.(report.percent);
          if (report.kind === 'done' && ended === undefined) resolveAnswer(report.answer);
          if (report.kind === 'done' && ended !== undefined) reject(ended);
          if (report.kind === 'fault') reject(ended ?? faultFrom(report));
        });
        child.once('exit', (code, killed) =>
          reject(
            ended ??
              new LakeFault(
                'lake/query-overran',
                `The query process ended in the middle (${killed ?? `code ${code ?? '?'}`}): it took more memory than the machine has. Ask for less at once.`,
              ),
          ),
        );
        child.send(request);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Whoever does not wait any more ends it at once, also while it still reads files. */
  async #openUnless(signal: AbortSignal | undefined): Promise<void> {
    const end = (): void => this.end();
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end);
    try {
      await this.#ready;
    } catch (error) {
      throw signal?.aborted ? stopped() : error;
    } finally {
      signal?.removeEventListener('abort', end);
    }
    if (signal?.aborted) throw stopped();
  }
}

function stopped(): LakeFault {
  return new LakeFault('lake/query-overran', 'The query was stopped.');
}

function tooLong({ seconds }: QueryLimits): LakeFault {
  return new LakeFault(
    'lake/query-overran',
    `The query was stopped after ${seconds} s, the time that it may take: narrow it down, or give it more with --timeout.`,
  );
}

function faultFrom({ code, message }: { readonly code: string; readonly message: string }): LakeFault {
  return new LakeFault(code as LakeFaultCode, message);
}
