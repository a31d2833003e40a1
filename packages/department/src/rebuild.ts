import type { CloudEvent } from '@instep/contracts';
import { decodeEvent, findEvent } from '@instep/contracts';
import type { EventLog, LogRecord, Sequence, TopicPartition } from '@instep/event-log';

import { ownTopics } from './create-department.ts';
import type { RecordedEvent } from './department.ts';
import type { DepartmentDefinition } from './department-definition.ts';
import { indexDepartment } from './department-index.ts';
import type { DepartmentIndex } from './department-index.ts';
import { prepareRecord } from './prepare-record.ts';
import { nameOf } from './progress.ts';
import { saysPosition } from './runtime-streams.ts';
import { incoming } from './stamp-event.ts';
import type { AnsweredRequest, Position, RowWrite, Store, StoredStream, StreamKey, UnitOfWork } from './store.ts';
import { noSequence } from './work-items.ts';
import { WorkSet } from './work-set.ts';

export interface RebuildParts {
  readonly definition: DepartmentDefinition;
  readonly log: EventLog;
  /** A store with empty tables, beside the live one. */
  readonly store: Store;
  /** Called after every batch: events folded so far and events to fold as far as known. */
  progress?(done: number, total: number): void;
}

export interface Rebuild {
  /**
   * Folds what the log has beyond what was folded before. Resolves with the positions that the service had reached, as its own events tell.
   * Own topics first (streams, positions, requests, numbers), then other owners' topics up to exactly these positions. Nothing is decided,
   * nothing is sent. `live`: where a database to compare with is. What it has read beyond what its events tell led to none, so it is folded
   * as well.
   */
  advance(live?: readonly ReadPosition[]): Promise<readonly Position[]>;
  /** Events folded so far. */
  folded(): number;
}

/** The log of a service's own topic does not hold what its numbers promise. */
export class LogIncomplete extends Error {
  readonly code = 'rebuild/log-incomplete';
  readonly transient = false;
}

/** Where a consumer stands in a partition. */
export type ReadPosition = Pick<Position, 'topic' | 'partition' | 'nextOffset'>;

const batchSize = 1_000;

interface Reading {
  readonly target: TopicPartition;
  offset: number;
  sequence: Sequence;
}

/** Builds a department's database from the log alone. `advance` rejects with LogIncomplete when the log has a gap. */
export function rebuild(parts: RebuildParts): Rebuild {
  return new LogRebuild(parts);
}

type FoldBatch = (records: readonly LogRecord[], from: Position, to: Position) => Promise<void>;

class LogRebuild implements Rebuild {
  readonly #parts: RebuildParts;
  readonly #index: DepartmentIndex;
  readonly #own = new Map<string, Reading>();
  readonly #foreign = new Map<string, Reading>();
  readonly #reached = new Map<string, number>();
  /** Streams with state tables that changed since these were last written; `all` before the first time. */
  #changed: Map<string, StreamKey> | 'all' = 'all';
  readonly #requests = new Map<string, { tenant: string; request: AnsweredRequest; events: RecordedEvent[] }>();
  #folded = 0;
  #total = 0;

  constructor(parts: RebuildParts) {
    this.#parts = parts;
    this.#index = indexDepartment(parts.definition);
  }

  async advance(live?: readonly ReadPosition[]): Promise<readonly Position[]> {
    const ends = await this.#readOwnTopics();
    await this.#writeStateTables();
    await this.#storeNumbers(ends);
    await this.#storeRequests();
    for (const [name, nextOffset] of this.#reached) await this.#readForeign(name, nextOffset);
    await this.#nameForeignPartitions();
    if (live) for (const position of live) await this.#readForeign(nameOf(position), position.nextOffset);
    else for (const reading of this.#foreign.values()) await this.#passPositions(reading);
    return [...this.#foreign.values()].map(({ target, offset, sequence }) => ({ ...target, nextOffset: offset, lastSequence: sequence }));
  }

  async #readOwnTopics(): Promise<readonly Reading[]> {
    for (const topic of ownTopics(this.#parts.definition.service)) {
      for (const { partition, next } of await this.#parts.log.bounds(topic)) {
        const reading = readingOf(this.#own, { topic, partition });
        this.#total += next - reading.offset;
        await this.#readUpTo(reading, next, (records) => this.#foldOwnBatch(records));
      }
    }
    return [...this.#own.values()];
  }

  /**
   * Only now, when all is folded: events of different streams come in another order than they happened, so in between a row may say what
   * never was, such as more set aside than is there.
   */
  async #writeStateTables(): Promise<void> {
    for await (const streams of this.#changedStreams()) {
      const rows = streams.flatMap(({ tenant, stream, id, version, state }) =>
        stateRows(this.#index, { tenant, stream, id, version, state }),
      );
      await this.#parts.store.commit({ ...emptyUnit(this.#parts), rows });
    }
    this.#changed = new Map();
  }

  async *#changedStreams(): AsyncIterable<readonly StoredStream[]> {
    const { store, definition } = this.#parts;
    if (this.#changed === 'all') {
      for (let last: StreamKey | undefined; ;) {
        const page: readonly StoredStream[] = await store.scanStreams(last, batchSize);
        if (page.length === 0) return;
        yield page;
        last = page.at(-1);
      }
    }
    const keys = [...this.#changed.values()];
    for (let at = 0; at < keys.length; at += batchSize) {
      const streams = keys.slice(at, at + batchSize);
      yield (await store.load({ consumer: definition.consumer, positions: [], rows: [], keys: [], requests: [], streams })).streams;
    }
  }

  async #readForeign(name: string, nextOffset: number): Promise<void> {
    const cut = name.lastIndexOf('/');
    const reading = readingOf(this.#foreign, { topic: name.slice(0, cut), partition: Number(name.slice(cut + 1)) });
    if (nextOffset > reading.offset) this.#total += nextOffset - reading.offset;
    await this.#readUpTo(reading, nextOffset, (records, from, to) => this.#foldForeignBatch(records, from, to));
  }

  /** Also those that no event of our own tells of: all that was read there may be positions of others. */
  async #nameForeignPartitions(): Promise<void> {
    for (const topic of this.#parts.definition.topics) {
      for (const { partition } of await this.#parts.log.bounds(topic)) readingOf(this.#foreign, { topic, partition });
    }
  }

  /** Nobody says in the log that it read past such records: what follows the last position and is nothing else was read as well. */
  async #passPositions(reading: Reading): Promise<void> {
    const { topic, partition } = reading.target;
    const next = (await this.#parts.log.bounds(topic)).find((bounds) => bounds.partition === partition)?.next ?? reading.offset;
    let upTo = reading.offset;
    for await (const records of this.#parts.log.read(reading.target, reading.offset, next)) {
      const other = records.findIndex((record) => !saysPosition(record));
      upTo += other < 0 ? records.length : other;
      if (other >= 0) break;
    }
    await this.#readUpTo(reading, upTo, (records, from, to) => this.#foldForeignBatch(records, from, to));
  }

  async #readUpTo(reading: Reading, to: number, fold: FoldBatch): Promise<void> {
    if (to <= reading.offset) return;
    for await (const batch of this.#parts.log.read(reading.target, reading.offset, to)) {
      for (let at = 0; at < batch.length; at += batchSize) await this.#readBatch(reading, batch.slice(at, at + batchSize), fold);
    }
  }

  async #readBatch(reading: Reading, records: readonly LogRecord[], fold: FoldBatch): Promise<void> {
    const from = positionOf(reading);
    const fresh = records.filter(({ offset, sequence }) => {
      reading.offset = offset + 1;
      if (!sequence) return true;
      if (sequence.n <= reading.sequence.n) return false;
      if (sequence.n > reading.sequence.n + 1) {
        const { topic, partition } = reading.target;
        throw new LogIncomplete(
          `${topic}/${String(partition)} offset ${String(offset)} carries number ${String(sequence.n)} after ${String(reading.sequence.n)}`,
        );
      }
      reading.sequence = sequence;
      return true;
    });
    await fold(fresh, from, positionOf(reading));
    this.#folded += records.length;
    this.#parts.progress?.(this.#folded, this.#total);
  }

  async #foldOwnBatch(records: readonly LogRecord[]): Promise<void> {
    const events = records.map(({ value }) => decodeEvent(value));
    const journal = events.flatMap((event) => journalRows(this.#index, event));
    for (const event of events) {
      notePositions(this.#reached, event);
      this.#noteRequest(event);
    }
    const changed = await commitFolded(
      this.#parts,
      (work) => {
        for (const event of events) foldOwn(this.#index, work, event);
      },
      journal,
      [],
    );
    if (this.#changed === 'all') return;
    for (const key of changed) this.#changed.set(`${key.tenant}\u0000${key.stream}\u0000${key.id}`, key);
  }

  async #foldForeignBatch(records: readonly LogRecord[], from: Position, to: Position): Promise<void> {
    const events = records.flatMap((record) => {
      const prepared = prepareRecord(this.#index, { record });
      return prepared.kind === 'event' ? [prepared.event] : [];
    });
    const journal = events.flatMap((event) =>
      (this.#index.journals.get(event.type) ?? []).flatMap(({ table, rows }) =>
        rows(event).map((row) => ({ kind: 'journal' as const, table: table.name, row })),
      ),
    );
    await commitFolded(
      this.#parts,
      (work) => {
        for (const event of events) foldViews(this.#index, work, event);
      },
      journal,
      [{ from, to }],
    );
  }

  #noteRequest(event: CloudEvent): void {
    if (!event.causationid.startsWith('request/')) return;
    const cut = event.causationid.lastIndexOf('/');
    const key = event.causationid.slice('request/'.length, cut);
    const name = `${event.tenant}\u0000${key}`;
    const known = this.#requests.get(name) ?? {
      tenant: event.tenant,
      request: { key, hash: event.causationid.slice(cut + 1), answer: '' },
      events: [],
    };
    const stream = findEvent(event.type)?.stream ?? '';
    known.events.push({ id: event.id, type: event.type, stream, streamId: event.subject, version: event.streamversion ?? 0 });
    this.#requests.set(name, known);
  }

  async #storeRequests(): Promise<void> {
    const all = [...this.#requests.values()].map(({ tenant, request, events }) => ({
      tenant,
      ...request,
      answer: JSON.stringify({ kind: 'done', events: events.sort(asDecided) }),
    }));
    this.#requests.clear();
    for (let at = 0; at < all.length; at += batchSize)
      await this.#parts.store.commit({ ...emptyUnit(this.#parts), requests: all.slice(at, at + batchSize) });
  }

  /** The relay goes on after the last number that the log holds. */
  async #storeNumbers(readings: readonly Reading[]): Promise<void> {
    const lease = await this.#parts.store.outbox.lease();
    if (!lease) throw new Error('another process writes to the database that is being rebuilt');
    try {
      const ledger = await lease.ledger();
      const counters = readings.filter(({ sequence }) => sequence.n > 0).map(({ target, sequence }) => ({ ...target, n: sequence.n }));
      const epoch = Math.max(ledger.epoch, ...readings.map(({ sequence }) => sequence.epoch));
      await lease.allot({ ...ledger, epoch, counters, inFlight: [] });
    } finally {
      await lease.release();
    }
  }

  folded(): number {
    return this.#folded;
  }
}

/** Ids rise in the order of decision; versions tell it within one stream only. */
function asDecided(a: RecordedEvent, b: RecordedEvent): number {
  return a.streamId === b.streamId && a.stream === b.stream ? a.version - b.version : a.id < b.id ? -1 : 1;
}

function readingOf(readings: Map<string, Reading>, target: TopicPartition): Reading {
  const name = nameOf(target);
  const known = readings.get(name) ?? { target, offset: 0, sequence: noSequence };
  readings.set(name, known);
  return known;
}

function positionOf({ target, offset, sequence }: Reading): Position {
  return { ...target, nextOffset: offset, lastSequence: sequence };
}

function emptyUnit({ definition }: RebuildParts): UnitOfWork {
  return { consumer: definition.consumer, positions: [], streams: [], rows: [], outbox: [], requests: [], parked: [], redriven: [] };
}

/** Folds until nothing is missing any more, then writes. Resolves with the streams that changed. */
async function commitFolded(
  parts: RebuildParts,
  fold: (work: WorkSet) => void,
  journal: readonly RowWrite[],
  positions: UnitOfWork['positions'],
): Promise<readonly StreamKey[]> {
  const work = new WorkSet();
  fold(work);
  while (work.missing) {
    work.add(await parts.store.load({ consumer: parts.definition.consumer, positions: [], keys: [], requests: [], ...work.takeMissing() }));
    work.reset();
    fold(work);
  }
  const streams = work.changedStreams();
  await parts.store.commit({ ...emptyUnit(parts), positions, streams, rows: [...work.changedRows(), ...journal] });
  return streams;
}

function stateRows(index: DepartmentIndex, { tenant, stream, id, version, state }: StoredStream): RowWrite[] {
  return (index.stateTables.get(stream) ?? []).flatMap((table) =>
    table.rows(state, { tenant, id, version }).map((row) => ({ kind: 'state' as const, table: table.table.name, row })),
  );
}

function foldOwn(index: DepartmentIndex, work: WorkSet, event: CloudEvent): void {
  const name = findEvent(event.type)?.stream;
  const kind = name === undefined ? undefined : index.streams.get(name);
  if (!kind) throw new Error(`${index.definition.service} has no stream for its event "${event.type}"`);
  const decided = { type: event.type, data: event.data as object };
  const touched = index.touched.flatMap((each) =>
    (each.touchedBy?.(decided) ?? []).filter((id) => each !== kind || id !== event.subject).map((id) => ({ each, id })),
  );
  const before = work.stream(kind, event.tenant, event.subject);
  const others = touched.map(({ each, id }) => ({ each, id, entry: work.stream(each, event.tenant, id) }));
  if (!before || others.some(({ entry }) => !entry)) return;
  const version = work.setStream(kind, event.tenant, event.subject, kind.evolve(before.state, decided, event.subject));
  // A stream that other streams' events change too has versions between its own events.
  const own = kind.touchedBy ? undefined : event.streamversion;
  if (own !== undefined && own !== version) {
    throw new LogIncomplete(
      `${event.type} of ${event.subject} has version ${String(own)}, but the log holds ${String(version - 1)} events before it`,
    );
  }
  for (const { each, id, entry } of others) {
    if (entry) work.setStream(each, event.tenant, id, each.evolve(entry.state, decided, id));
  }
}

function foldViews(index: DepartmentIndex, work: WorkSet, event: ReturnType<typeof incoming>): void {
  for (const { table, fold } of index.views.get(event.type) ?? []) {
    for (const key of fold.keys(event)) {
      const row = work.row(table, key);
      if (row === 'missing') continue;
      const after = fold.fold(row, event, key);
      if (after !== undefined && after !== row) work.setRow(table, key, after);
    }
  }
}

function journalRows(index: DepartmentIndex, event: CloudEvent): RowWrite[] {
  const tables = index.journals.get(event.type);
  if (!tables) return [];
  const seen = incoming(event);
  return tables.flatMap(({ table, rows }) => rows(seen).map((row) => ({ kind: 'journal' as const, table: table.name, row })));
}

function notePositions(reached: Map<string, number>, event: CloudEvent): void {
  const note = (name: string, nextOffset: number): void => {
    if (nextOffset > (reached.get(name) ?? 0)) reached.set(name, nextOffset);
  };
  if (event.causeposition !== undefined) {
    const cut = event.causeposition.lastIndexOf('/');
    note(event.causeposition.slice(0, cut), Number(event.causeposition.slice(cut + 1)) + 1);
  }
  if (saysPosition(event)) {
    for (const { topic, partition, nextOffset } of (
      event.data as { positions: readonly { topic: string; partition: number; nextOffset: number }[] }
    ).positions) {
      note(`${topic}/${String(partition)}`, nextOffset);
    }
  }
}
