import type { CloudEvent } from '@instep/contracts';
import { decodeEvent, findEvent } from '@instep/contracts';
import type { LogReader, LogRecord, Sequence } from '@instep/event-log';

import { ownTopics } from '../create-department.ts';
import type { DepartmentIndex } from '../department-index.ts';
import { incoming } from '../stamp-event.ts';
import type { OutboxRow, StreamKey } from '../store.ts';
import type { WorkSet } from '../work-set.ts';
import { commitFolded, journalRows } from './folded-unit.ts';
import type { FoldTarget } from './folded-unit.ts';
import { batchSize, LogIncomplete, passOver, positionOf, readingOf, resumeReadings } from './log-reading.ts';
import type { Reading } from './log-reading.ts';

export interface OwnTopicsParts extends FoldTarget {
  readonly log: LogReader;
  /** Notes in the store how far own topics are folded, so that another one can go on there. */
  readonly keepsPositions?: boolean;
  /** Every own event once, with its place in the numbers; none for one that the log does not hold. */
  noted(event: CloudEvent, sequence: Sequence | undefined): void;
  changed(streams: readonly StreamKey[]): void;
  /** Records read. */
  passed(records: number): void;
  /** Records found to be read. */
  found(records: number): void;
}

/** How much of one partition is read before another one that lags behind it. */
const partSize = 2_000;

/** What the service itself recorded: its streams and its own journals. */
export class OwnTopics {
  readonly #parts: OwnTopicsParts;
  readonly #readings = new Map<string, Reading>();

  constructor(parts: OwnTopicsParts) {
    this.#parts = parts;
  }

  readings(): readonly Reading[] {
    return [...this.#readings.values()];
  }

  /** Goes on where the store says that an earlier one ended, which kept its positions. */
  async resume(): Promise<void> {
    const { index, log, store } = this.#parts;
    for (const topic of ownTopics(index.definition.service))
      for (const { partition } of await log.bounds(topic)) readingOf(this.#readings, { topic, partition });
    await resumeReadings(this.#readings, index, store);
  }

  /** Reads to the ends as they are at the call, the partitions about as their records were recorded: so little waits for what is missing. */
  async read(): Promise<void> {
    const ends = new Map<Reading, number>();
    for (const topic of ownTopics(this.#parts.index.definition.service)) {
      for (const { partition, next } of await this.#parts.log.bounds(topic)) {
        const reading = readingOf(this.#readings, { topic, partition });
        this.#parts.found(next - reading.offset);
        ends.set(reading, next);
      }
    }
    for (let reading = furthestBack(ends); reading; reading = furthestBack(ends)) {
      await this.#readPart(reading, Math.min(ends.get(reading) ?? 0, reading.offset + partSize));
    }
  }

  /**
   * Events that an older copy of the database recorded and the log does not hold: folded as if they came next, and to be sent. Resolves with
   * how many were; one that contradicts the log is left out.
   */
  async carryOver(rows: readonly OutboxRow[]): Promise<number> {
    const { index } = this.#parts;
    const fitting = rows.map((row) => ({ row, event: decodeEvent(Buffer.from(row.value)), fits: true }));
    for (let at = 0; at < fitting.length; at += batchSize) {
      const batch = fitting.slice(at, at + batchSize);
      const streams = await commitFolded(
        this.#parts,
        (work) => {
          for (const each of batch) each.fits = foldOwn(index, work, each.event) !== 'contradiction';
        },
        {},
      );
      this.#parts.changed(streams);
      const kept = batch.filter(({ fits }) => fits);
      for (const { event } of kept) this.#parts.noted(event, undefined);
      const outbox = kept.map(({ row: { topic, partition, key, type, value } }) => ({ topic, partition, key, type, value }));
      await commitFolded(this.#parts, () => undefined, { outbox, rows: kept.flatMap(({ event }) => journalRows(index, incoming(event))) });
    }
    return fitting.filter(({ fits }) => fits).length;
  }

  async #readPart(reading: Reading, to: number): Promise<void> {
    for await (const records of this.#parts.log.read(reading.target, reading.offset, to)) {
      for (let at = 0; at < records.length; at += batchSize) await this.#fold(reading, records.slice(at, at + batchSize));
    }
  }

  async #fold(reading: Reading, records: readonly LogRecord[]): Promise<void> {
    const { index } = this.#parts;
    const from = positionOf(reading);
    const events = passOver(reading, records).map(({ value, sequence }) => ({ event: decodeEvent(value), sequence }));
    for (const { event, sequence } of events) this.#parts.noted(event, sequence);
    const streams = await commitFolded(
      this.#parts,
      (work) => {
        for (const { event } of events) {
          if (foldOwn(index, work, event) === 'contradiction')
            throw new LogIncomplete(
              `${event.type} of ${event.subject} has version ${String(event.streamversion)}, which does not follow on what the log holds before it`,
            );
        }
      },
      {
        rows: events.flatMap(({ event }) => journalRows(index, incoming(event))),
        ...(this.#parts.keepsPositions && { positions: [{ from, to: positionOf(reading) }] }),
      },
    );
    this.#parts.changed(streams);
    this.#parts.passed(records.length);
  }
}

/** Of the readings that have not reached their ends the one whose last record was recorded first. */
function furthestBack(ends: ReadonlyMap<Reading, number>): Reading | undefined {
  let furthest: Reading | undefined;
  for (const [reading, end] of ends) {
    if (reading.offset < end && (!furthest || isBefore(reading.sequence, furthest.sequence))) furthest = reading;
  }
  return furthest;
}

function isBefore(a: Sequence, b: Sequence): boolean {
  return a.epoch === b.epoch ? (a.serial ?? 0) < (b.serial ?? 0) : a.epoch < b.epoch;
}

/** A contradiction: the event is not the next one of its stream. Changes nothing while something is not loaded. */
function foldOwn(index: DepartmentIndex, work: WorkSet, event: CloudEvent): 'folded' | 'not loaded' | 'contradiction' {
  const name = findEvent(event.type)?.stream;
  const kind = name === undefined ? undefined : index.streams.get(name);
  if (!kind) throw new Error(`${index.definition.service} has no stream for its event "${event.type}"`);
  const decided = { type: event.type, data: event.data as object };
  const touched = index.touched.flatMap((each) =>
    (each.touchedBy?.(decided) ?? []).filter((id) => each !== kind || id !== event.subject).map((id) => ({ each, id })),
  );
  const before = work.stream(kind, event.tenant, event.subject);
  const others = touched.map(({ each, id }) => ({ each, id, entry: work.stream(each, event.tenant, id) }));
  if (!before || others.some(({ entry }) => !entry)) return 'not loaded';
  // A stream that other streams' events change too has versions between its own events.
  if (!kind.touchedBy && event.streamversion !== undefined && event.streamversion !== before.version + 1) return 'contradiction';
  work.setStream(kind, event.tenant, event.subject, kind.evolve(before.state, decided, event.subject));
  for (const { each, id, entry } of others) {
    if (entry) work.setStream(each, event.tenant, id, each.evolve(entry.state, decided, id));
  }
  return 'folded';
}
