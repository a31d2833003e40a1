/**
 * The process that answers one question and ends. It holds a DuckDB that can read the lake and nothing else; whoever started it ends it
 * when it takes too long (`QueryProcess`).
 */
import { rmSync } from 'node:fs';

import type { LakeFaultCode } from '../fault.ts';
import { LakeFault } from '../fault.ts';
import { processOverheadMb } from './limits.ts';
import { assertReadOnly, isForbidden, spoken } from './locked-database.ts';
import type { Report, Request, Start } from './messages.ts';
import { QuerySession } from './query-session.ts';
import { writeAnswer } from './write-answer.ts';

const { lake, scratch, limits, asOf } = JSON.parse(process.argv[2] ?? '{}') as Start;

const stopped = new AbortController();

process.on('disconnect', () => process.exit(1));
// Whoever started this one may be gone by then.
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
// Ctrl-C in a terminal reaches every process there; whoever started this one decides what it means.
process.on('SIGINT', () => undefined);

const watching = setInterval(() => {
  if (process.memoryUsage.rss() < (limits.memoryMb + processOverheadMb) * 1_048_576) return;
  clearInterval(watching);
  end({
    kind: 'fault',
    code: 'lake/query-overran',
    message: `The query needs more than the ${limits.memoryMb} MB of memory that it may use: ask for less at once, or give it more with --memory.`,
  });
}, 100);

try {
  const session = await QuerySession.open({ lake, scratch }, limits, asOf);
  process.on('message', (request: Request) => {
    if (request.kind === 'run') void answer(session, request);
    else {
      stopped.abort();
      session.connection.interrupt();
    }
  });
  process.send?.({ kind: 'ready' } satisfies Report);
} catch (error) {
  end(faultOf(error));
}

async function answer(session: QuerySession, { sql, values, format }: Extract<Request, { kind: 'run' }>): Promise<void> {
  const ticking = setInterval(() => {
    const { percentage } = session.connection.progress;
    if (percentage > 0) process.send?.({ kind: 'progress', percent: percentage } satisfies Report);
  }, 250);
  try {
    const done = await session.read(async (freshness) => {
      await assertReadOnly(session.connection, sql, limits.personal);
      const question = { sql, values, format, mostRows: limits.rows, scratch, signal: stopped.signal };
      return { ...(await writeAnswer(session.connection, question, process.stdout)), freshness, personal: limits.personal };
    }, asOf);
    end({ kind: 'done', answer: done });
  } catch (error) {
    end(faultOf(error));
  } finally {
    clearInterval(ticking);
  }
}

/** What was written is out, and then the report, before the process ends. */
function end(last: Report): void {
  process.stdout.write('', () => process.send?.(last, undefined, undefined, () => process.exit(0)));
}

function faultOf(error: unknown): Report {
  if (error instanceof LakeFault) return { kind: 'fault', code: error.code, message: error.message };
  const said = spoken(error);
  const [code, message] = worded(said, error);
  return { kind: 'fault', code, message };
}

function worded(said: string, error: unknown): readonly [LakeFaultCode, string] {
  if (/^INTERRUPT/i.test(said)) return ['lake/query-overran', 'The query was stopped.'];
  if (/out of memory|failed to allocate|max_temp_directory_size/i.test(said))
    return [
      'lake/query-overran',
      `The query needs more than the ${limits.memoryMb} MB of memory that it may use: ask for less at once, or give it more with --memory.`,
    ];
  const [, missing] = /Values were not provided for the following prepared statement parameters: (.+)/i.exec(said) ?? [];
  if (missing !== undefined) return ['lake/bad-option', `The statement takes a value for ${missing}: give it, with --set ${missing}=….`];
  if (/retrieve bind parameter index/i.test(said))
    return ['lake/bad-option', 'A value was given for a name that the statement does not have: $name in it takes the value of name.'];
  if (isForbidden(error)) return ['lake/query-refused', said];
  return ['lake/query-failed', said];
}
