import { setTimeout as pause } from 'node:timers/promises';

import type { ConnectionSettings } from '../connection.ts';
import type { Ask, Invariant, Severity, Violation, WatchedRows } from './invariant.ts';
import { watchSession, type WatchSession } from './session.ts';
import { nextSlice, recentRows, type Cursor, type Probe } from './slices.ts';

export interface InvariantState {
  readonly name: string;
  readonly promise: string;
  readonly severity: Severity;
  /** Each subject once, 100 of each part of a table at most. */
  readonly violations: readonly Violation[];
  /** When it was last asked, in milliseconds since 1970; undefined: not yet. */
  readonly checkedAt: number | undefined;
  /** How long that took. */
  readonly tookMs: number;
  /** Why the last time gave no answer; the violations are those from before. */
  readonly failure: string | undefined;
}

export interface InvariantWatch {
  /**
   * Checks what is due and resolves with how everything stands; undefined while another replica watches. `everything`: all rows of all
   * tables. `standing`: parts of the department that stand still. Rejects with the driver's error when the database is away.
   */
  run(options: { readonly everything: boolean; readonly standing: ReadonlySet<string> }): Promise<readonly InvariantState[] | undefined>;
  /** Cuts a run under way, which then rejects. Safe to call twice. */
  close(): Promise<void>;
}

export interface InvariantWatchSettings extends ConnectionSettings {
  readonly invariants: readonly Invariant[];
  /** Milliseconds since 1970. The system's clock when absent. */
  readonly now?: () => number;
}

const ROWS_A_SLICE = 10_000;
const MOST_VIOLATIONS = 100;
/** So many parts with violations are enough to see that all is wrong. */
const MOST_PARTS = 20;
/** An invariant takes one part in so many of the time: what is slow is asked more seldom. */
const SHARE = 500;
/** How far clocks of replicas may be apart, and how long a transaction may take. */
const OVERLAP_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 1_000;

interface Watched {
  readonly invariant: Invariant;
  /** Parts in which something was found: asked again each time until it is gone. */
  readonly open: Map<string, { readonly probe: Probe; readonly found: readonly Violation[] }>;
  cursor: Cursor;
  /** The part of recent rows in which something was found. */
  recent: Probe | undefined;
  /** Rows from before this moment were seen. */
  seenUntil: number | undefined;
  checkedAt: number | undefined;
  dueAt: number;
  tookMs: number;
  failure: string | undefined;
}

/** Checks invariants on a connection of its own; of several replicas one. Nothing is connected before the first run. */
export function invariantWatch({ invariants, now = Date.now, ...connection }: InvariantWatchSettings): InvariantWatch {
  const watched = invariants.map((invariant): Watched => ({
    invariant,
    open: new Map(),
    cursor: {},
    recent: undefined,
    seenUntil: undefined,
    checkedAt: undefined,
    dueAt: 0,
    tookMs: 0,
    failure: undefined,
  }));
  let session: WatchSession | undefined;
  const closing = new AbortController();
  return {
    async run({ everything, standing }) {
      if (closing.signal.aborted) throw new Error('the watch of the invariants is closed');
      if (!session?.alive()) session = await watchSession(connection);
      if (!session) return undefined;
      for (const each of watched) {
        if (each.invariant.suspendedBy !== undefined && standing.has(each.invariant.suspendedBy)) each.open.clear();
        else if (everything || each.dueAt <= now()) await checkOne(each, session, { everything, began: now(), signal: closing.signal });
      }
      return watched.map(stateOf);
    },
    async close() {
      closing.abort();
      await session?.end();
    },
  };
}

interface Round {
  readonly everything: boolean;
  readonly began: number;
  /** Ends the pauses between slices. */
  readonly signal: AbortSignal;
}

async function checkOne(watched: Watched, session: WatchSession, round: Round): Promise<void> {
  const { everything, began } = round;
  const start = performance.now();
  try {
    await ask(watched, session.ask, round);
    watched.failure = undefined;
    watched.checkedAt = began;
  } catch (error) {
    if (!(await answers(session))) throw error;
    watched.failure = error instanceof Error ? error.message : String(error);
  }
  watched.tookMs = performance.now() - start;
  // All rows of a table at once say nothing of how long its next slice will take.
  const slices = watched.invariant.check.kind === 'rows';
  watched.dueAt = everything && slices ? 0 : began + watched.tookMs * SHARE;
}

async function answers({ ask, alive }: WatchSession): Promise<boolean> {
  if (!alive()) return false;
  return await ask('SELECT 1').then(
    () => true,
    () => false,
  );
}

async function ask(watched: Watched, ask: Ask, { everything, began, signal }: Round): Promise<void> {
  const { check } = watched.invariant;
  switch (check.kind) {
    case 'whole':
      note(watched, noRows, await query(ask, check.sql, []));
      return;
    case 'asked':
      note(watched, noRows, await check.find(ask));
      return;
    case 'rows': {
      const run = async (part: Probe): Promise<void> => {
        note(watched, part, await query(ask, check.sql(part.rows), part.values));
      };
      if (everything) await askAllRows(watched, check.rows, { ask, run, signal });
      else await askSomeRows(watched, check.rows, { ask, run });
      // What was found in recent rows is looked for from the same moment on until it is gone.
      if (everything || watched.recent === undefined) watched.seenUntil = began;
    }
  }
}

interface Means {
  readonly ask: Ask;
  /** Asks the invariant of a part. */
  run(part: Probe): Promise<void>;
}

async function askAllRows(watched: Watched, rows: WatchedRows, { ask, run, signal }: Means & Pick<Round, 'signal'>): Promise<void> {
  watched.open.clear();
  watched.recent = undefined;
  for (let cursor: Cursor | undefined = {}; cursor;) {
    const start = performance.now();
    const slice = await nextSlice(ask, rows, cursor, ROWS_A_SLICE);
    if (slice) await run(slice);
    cursor = slice?.next;
    // Half of the time is everybody else's.
    if (cursor) await pause(Math.min(performance.now() - start, LONGEST_PAUSE_MS), undefined, { signal });
  }
}

async function askSomeRows(watched: Watched, rows: WatchedRows, { ask, run }: Means): Promise<void> {
  for (const { probe } of [...watched.open.values()]) if (probe !== watched.recent) await run(probe);
  if (rows.since !== undefined && watched.seenUntil !== undefined) {
    const part = watched.recent ?? recentRows(rows, new Date(watched.seenUntil - OVERLAP_MS).toISOString());
    await run(part);
    watched.recent = watched.open.has(nameOf(part)) ? part : undefined;
  }
  for (let left = ROWS_A_SLICE; left > 0;) {
    const slice = await nextSlice(ask, rows, watched.cursor, left);
    if (slice) await run(slice);
    watched.cursor = slice?.next ?? {};
    left = slice?.next ? left - slice.count : 0;
  }
}

function note(watched: Watched, probe: Probe, found: readonly Violation[]): void {
  const name = nameOf(probe);
  if (found.length === 0) watched.open.delete(name);
  else if (watched.open.has(name) || watched.open.size < MOST_PARTS) watched.open.set(name, { probe, found });
}

const noRows: Probe = { rows: '', values: [] };

function nameOf({ rows, values }: Probe): string {
  return JSON.stringify([rows, values]);
}

async function query(ask: Ask, sql: string, values: readonly string[]): Promise<readonly Violation[]> {
  const rows = await ask(`SELECT subject, detail FROM (${sql}) found LIMIT ${MOST_VIOLATIONS}`, values);
  return rows.map(({ subject, detail }) => ({ subject: subject ?? '?', detail: detail ?? '' }));
}

function stateOf({ invariant: { name, promise, severity = 'violation' }, open, checkedAt, tookMs, failure }: Watched): InvariantState {
  const bySubject = new Map([...open.values()].flatMap(({ found }) => found).map((violation) => [violation.subject, violation]));
  return { name, promise, severity, violations: [...bySubject.values()], checkedAt, tookMs, failure };
}
