import type { LogRecord, Slice } from '@instep/event-log';

import { DecisionPass } from './decision-pass.ts';
import type { DepartmentIndex } from './department-index.ts';
import { StoreConflict } from './faults.ts';
import type { AppliedRecord, Clock, Ids } from './ports.ts';
import type { AnsweredRequest, LoadRequest, Position, Store } from './store.ts';
import { placeOf } from './place-in-sequence.ts';
import { noSequence } from './work-items.ts';
import type { Prepared, RecordItem, RequestEnd, RequestItem } from './work-items.ts';
import { WorkSet } from './work-set.ts';

export interface UnitParts {
  readonly index: DepartmentIndex;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What waits to be done at once: slices of different partitions and requests, or one parked record. */
export interface UnitInput {
  /** The copy of the database that was compared with the log: neither another is read nor is it written to. */
  readonly incarnation?: string | undefined;
  readonly slices: readonly Slice[];
  readonly requests: readonly RequestItem[];
  /** `rehearsal`: decided as it would be, then nothing is written. */
  readonly redrive?: { readonly record: LogRecord; readonly n: number; readonly note?: string | undefined; readonly rehearsal?: boolean };
  /** Whether what a record leads to is in the log already, as some of it is when a database catches up. */
  readonly decided?: (record: LogRecord) => boolean;
  /** Parks this record whatever it is: because the database refused what it leads to, unless a code says otherwise. */
  readonly forcePark?: Pick<LogRecord, 'topic' | 'partition' | 'offset'> & { readonly code?: string; readonly reason: string };
}

export interface UnitResult {
  readonly slices: readonly SliceEnd[];
  readonly requests: readonly RequestEnd[];
  readonly redriven: { readonly applied: boolean; readonly reason: string };
  readonly recorded: number;
  readonly accepted: number;
  readonly refused: number;
  readonly repeats: number;
  /** Furthest input that caused an event, per `<topic>/<partition>`. */
  readonly causedBy: ReadonlyMap<string, number>;
}

export interface SliceEnd {
  readonly slice: Slice;
  readonly position: Position;
  /** Sequence numbers are missing in the log: nothing after this place may be applied. */
  readonly gap: string | undefined;
  /** So many defects that the code is to blame rather than the records: nothing of the slice was applied. */
  readonly alarm: string | undefined;
  readonly applied: number;
  /** Those that were applied, as the observer sees them. */
  readonly records: readonly AppliedRecord[];
  readonly skipped: number;
  readonly duplicates: number;
  readonly parked: number;
}

const repeatLimit = 50;
const defectLimit = 10;

/**
 * Takes all that waits through one transaction: loads what it needs in as few round trips as can be, decides in memory, commits with every
 * version and position compared. A conflict loads and decides again. Rejects with StoreUnavailable, RowRejected, or after many conflicts
 * in a row with StoreConflict.
 */
export async function runUnit(parts: UnitParts, input: UnitInput): Promise<UnitResult> {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await attempt(parts, input, repeats);
    } catch (error) {
      if (!(error instanceof StoreConflict) || repeats >= repeatLimit) throw error;
      await parts.clock.sleep(Math.min(repeats * 5, 100));
    }
  }
}

interface Selected {
  readonly slice: Slice;
  readonly from: Position;
  readonly items: readonly RecordItem[];
  readonly to: Position;
  readonly duplicates: number;
  readonly gap: string | undefined;
}

async function attempt(parts: UnitParts, input: UnitInput, repeats: number): Promise<UnitResult> {
  const { index, store } = parts;
  const work = new WorkSet();
  const candidates = input.slices.map((slice) => ({
    slice,
    items: slice.records.map((record): RecordItem => ({ record, decided: input.decided?.(record) === true })),
  }));
  const redriven: RecordItem | undefined = input.redrive && {
    record: input.redrive.record,
    redriven: input.redrive.n,
    note: input.redrive.note,
  };

  const collect = new DecisionPass({ ...parts, work, parkedKeys: new Set(), requests: new Map() });
  for (const { items } of candidates) for (const item of items) collect.record(item);
  for (const request of input.requests) collect.request(request);
  if (redriven) collect.record(redriven);

  let loaded = await store.load(firstLoad(index, input, work));
  work.add(loaded);
  const selected = candidates.map(({ slice, items }, at) => select(slice, items, loaded.positions[at] ?? neverRead(slice)));
  const parkedKeys = new Set(loaded.parkedKeys.map(({ topic, key }) => topic + '\u0000' + key));
  const requests = new Map<string, AnsweredRequest>(loaded.requests.map((request) => [request.tenant + '\u0000' + request.key, request]));

  for (;;) {
    work.reset();
    const pass = new DecisionPass({ ...parts, work, parkedKeys, requests });
    const ends = selected.map((each) => applySlice(pass, each, input.forcePark));
    const answers = input.requests.map((request) => pass.request(request));
    const redriveEnd = redriven && pass.record(redriven);
    if (work.missing) {
      loaded = await store.load({ ...nothing(index, input), ...work.takeMissing() });
      work.add(loaded);
      continue;
    }
    const alarmed = new Set(ends.filter((end) => end.alarm !== undefined).map((end) => end.slice));
    if (alarmed.size > 0) return await withoutAlarmed(parts, input, alarmed, ends);
    const failedRedrive = redriveEnd?.kind === 'parked';
    if (!failedRedrive) await commit(parts, input, selected, pass, work);
    return {
      slices: ends,
      requests: answers,
      redriven: { applied: redriveEnd !== undefined && !failedRedrive, reason: failedRedrive ? redriveEnd.reason : '' },
      recorded: pass.outbox.length,
      accepted: pass.accepted,
      refused: pass.refused,
      repeats,
      causedBy: pass.causedBy,
    };
  }
}

function nothing({ definition }: DepartmentIndex, { incarnation }: UnitInput): Omit<LoadRequest, 'streams' | 'rows'> {
  return { incarnation, consumer: definition.consumer, positions: [], keys: [], requests: [] };
}

function firstLoad(index: DepartmentIndex, input: UnitInput, work: WorkSet): LoadRequest {
  const { slices, requests } = input;
  const keys = new Map<string, { topic: string; key: string }>();
  for (const { topic, records } of slices) for (const { key } of records) keys.set(topic + '\u0000' + key, { topic, key });
  return {
    ...nothing(index, input),
    positions: slices.map(({ topic, partition }) => ({ topic, partition })),
    keys: [...keys.values()],
    requests: requests.map(({ request }) => ({ tenant: request.tenant, key: request.idempotencyKey })),
    ...work.takeMissing(),
  };
}

function neverRead({ topic, partition }: Slice): Position {
  return { topic, partition, nextOffset: 0, lastSequence: noSequence };
}

/** Leaves out what was applied before (by offset or by number) and stops before a gap. */
function select(slice: Slice, items: readonly RecordItem[], from: Position): Selected {
  const chosen: RecordItem[] = [];
  let { nextOffset, lastSequence } = from;
  let duplicates = 0;
  let gap: string | undefined;
  for (const item of items) {
    const { offset, sequence } = item.record;
    if (offset < nextOffset) continue;
    if (offset > nextOffset) break;
    if (sequence) {
      const place = placeOf(sequence, lastSequence);
      if (place === 'gap') {
        gap = `${slice.topic}/${String(slice.partition)} offset ${String(offset)} carries number ${String(sequence.n)} after ${String(lastSequence.n)}: records are missing in the log`;
        break;
      }
      if (place === 'repeated') {
        duplicates += 1;
        nextOffset = offset + 1;
        continue;
      }
      lastSequence = { epoch: sequence.epoch, n: sequence.n };
    }
    chosen.push(item);
    nextOffset = offset + 1;
  }
  return { slice, from, items: chosen, to: { ...from, nextOffset, lastSequence }, duplicates, gap };
}

function applySlice(pass: DecisionPass, { slice, items, to, duplicates, gap }: Selected, forced: UnitInput['forcePark']): SliceEnd {
  let [applied, skipped, parked, defects] = [0, 0, 0, 0];
  const records: AppliedRecord[] = [];
  let lastDefect = '';
  for (const item of items) {
    const { record } = item;
    const force = forced && forced.topic === record.topic && forced.partition === record.partition && forced.offset === record.offset;
    if (force) item.prepared = { kind: 'unfit', code: forced.code ?? 'store/row-rejected', reason: forced.reason };
    const end = pass.record(item);
    if (end.kind === 'applied') {
      applied += 1;
      if (item.prepared?.kind === 'event') records.push(appliedRecord(record, item.prepared));
    } else if (end.kind === 'skipped') skipped += 1;
    else {
      parked += 1;
      if (end.code === 'defect') {
        defects += 1;
        lastDefect = end.reason;
      }
    }
  }
  const alarm =
    defects >= defectLimit
      ? `${String(defects)} defects in one slice of ${slice.topic}/${String(slice.partition)}, the last: ${lastDefect}`
      : undefined;
  return { slice, position: to, gap, alarm, applied, records, skipped, duplicates, parked };
}

function appliedRecord(
  { topic, partition, offset, timestamp }: LogRecord,
  { event, cause, traceparent }: Extract<Prepared, { kind: 'event' }>,
): AppliedRecord {
  const { type, id: eventId, tenant, subject: streamId } = event;
  const { traceparent: appliedAs, tracestate } = cause;
  return { topic, partition, offset, timestamp, type, eventId, tenant, streamId, traceparent, appliedAs, tracestate };
}

/** A slice full of defects is not applied at all; the others are, in a unit of their own. */
async function withoutAlarmed(
  parts: UnitParts,
  input: UnitInput,
  alarmed: ReadonlySet<Slice>,
  ends: readonly SliceEnd[],
): Promise<UnitResult> {
  const rest = input.slices.filter((slice) => !alarmed.has(slice));
  const result = await attempt(parts, { ...input, slices: rest }, 0);
  const byslice = new Map(result.slices.map((end) => [end.slice, end]));
  return { ...result, slices: ends.map((end) => byslice.get(end.slice) ?? end) };
}

async function commit(
  { index, store }: UnitParts,
  { incarnation, redrive }: UnitInput,
  selected: readonly Selected[],
  pass: DecisionPass,
  work: WorkSet,
): Promise<void> {
  if (redrive?.rehearsal === true) return;
  const positions = selected.filter(({ from, to }) => to.nextOffset !== from.nextOffset).map(({ from, to }) => ({ from, to }));
  const redriven = redrive ? [{ topic: redrive.record.topic, key: redrive.record.key, n: redrive.n }] : [];
  if (positions.length === 0 && pass.answered.length === 0 && redriven.length === 0 && pass.outbox.length === 0) return;
  await store.commit({
    incarnation,
    consumer: index.definition.consumer,
    positions,
    streams: work.changedStreams(),
    rows: [...work.changedRows(), ...pass.stateRows(), ...pass.journal],
    outbox: pass.outbox,
    requests: pass.answered,
    parked: pass.parked,
    redriven,
  });
}
