import type { CloudEvent } from '@instep/contracts';
import { partitionName, type LogReader, type LogRecord } from '@instep/event-log';

import type { DepartmentIndex } from '../department-index.ts';
import type { IncomingEvent } from '../incoming-event.ts';
import { subscribedEvent } from '../prepare-record.ts';
import { saysPosition } from '../runtime-streams.ts';
import { incoming } from '../stamp-event.ts';
import type { ParkedRecord, Position } from '../store.ts';
import { commitFolded, foldViews, journalRows } from './folded-unit.ts';
import type { FoldTarget } from './folded-unit.ts';
import { batchSize, passOver, positionOf, readingOf, resumeReadings } from './log-reading.ts';
import type { Reading, ReadPosition } from './log-reading.ts';
import type { ParkStory, Redriven } from './park-story.ts';

export interface ForeignTopicsParts extends FoldTarget {
  readonly log: LogReader;
  readonly park: ParkStory;
  /** Records read. */
  passed(records: number): void;
  /** Records found to be read. */
  found(records: number): void;
}

/** More records of one key than anybody parks. */
const wholeKey = 1_000_000;

/** What others recorded, folded into the views up to where the service had read; what it parked is parked again. */
export class ForeignTopics {
  readonly #parts: ForeignTopicsParts;
  readonly #readings = new Map<string, Reading>();

  constructor(parts: ForeignTopicsParts) {
    this.#parts = parts;
  }

  positions(): readonly Position[] {
    return [...this.#readings.values()].map(positionOf);
  }

  /** Names every partition that the service listens to, also those of which no own event tells. */
  async name(): Promise<void> {
    const { index, log } = this.#parts;
    for (const topic of index.definition.topics) {
      for (const { partition } of await log.bounds(topic)) readingOf(this.#readings, { topic, partition });
    }
  }

  /** Goes on where the store says that an earlier one ended. */
  async resume(): Promise<void> {
    const { index, store } = this.#parts;
    await this.name();
    await resumeReadings(this.#readings, index, store);
  }

  /** Reads up to this position, unless that was done. */
  async readTo({ topic, partition, nextOffset }: ReadPosition): Promise<void> {
    const reading = readingOf(this.#readings, { topic, partition });
    if (nextOffset <= reading.offset) return;
    this.#parts.found(nextOffset - reading.offset);
    for await (const records of this.#parts.log.read(reading.target, reading.offset, nextOffset)) {
      for (let at = 0; at < records.length; at += batchSize) await this.#fold(reading, records.slice(at, at + batchSize));
    }
  }

  /** Nobody says in the log that it read past such records: what follows the last position and is nothing else was read as well. */
  async passPositions(): Promise<void> {
    for (const { target, offset } of this.#readings.values()) {
      const next = (await this.#parts.log.bounds(target.topic)).find(({ partition }) => partition === target.partition)?.next ?? offset;
      let upTo = offset;
      for await (const records of this.#parts.log.read(target, offset, next)) {
        const other = records.findIndex((record) => !saysPosition(record));
        upTo += other < 0 ? records.length : other;
        if (other >= 0) break;
      }
      await this.readTo({ ...target, nextOffset: upTo });
    }
  }

  /** Applies parked records that were redriven after they had been parked here. The others are applied at their place. */
  async redrive(redriven: readonly Redriven[]): Promise<void> {
    for (const each of redriven) {
      const read = this.#readings.get(partitionName(each))?.offset ?? 0;
      if (each.offset < read) await this.#redrive(each);
    }
  }

  async #redrive({ topic, partition, offset, key, value }: Redriven): Promise<void> {
    const { index, store } = this.#parts;
    const waiting = await store.parked.read(index.definition.consumer, topic, key, wholeKey);
    const found = waiting.find((record) => record.partition === partition && record.offset === offset);
    if (!found) return;
    const record: LogRecord = {
      ...found,
      type: found.type ?? undefined,
      sequence: found.sequence ?? undefined,
      value: value ?? found.value,
      timestamp: found.parkedAt,
    };
    await this.#commit(this.#eventsOf([record]), { redriven: [{ topic, key, n: found.n }] });
  }

  async #fold(reading: Reading, records: readonly LogRecord[]): Promise<void> {
    const from = positionOf(reading);
    const applied: LogRecord[] = [];
    const parked: ParkedRecord[] = [];
    for (const record of passOver(reading, records)) {
      const end = this.#parts.park.of(record);
      if (end.kind === 'applied') applied.push(end.value === record.value ? record : { ...record, value: end.value });
      else parked.push({ ...parkedOf(record, this.#parts.index.definition.consumer), ...end.story });
    }
    await this.#commit(this.#eventsOf(applied), { parked, positions: [{ from, to: positionOf(reading) }] });
    this.#parts.passed(records.length);
  }

  #eventsOf(records: readonly LogRecord[]): readonly IncomingEvent[] {
    const events: IncomingEvent[] = [];
    for (const record of records) {
      const event = readable(this.#parts.index, record);
      if (event) events.push(incoming(event));
    }
    return events;
  }

  async #commit(events: readonly IncomingEvent[], rest: Parameters<typeof commitFolded>[2]): Promise<void> {
    const { index } = this.#parts;
    await commitFolded(
      this.#parts,
      (work) => {
        for (const event of events) foldViews(index, work, event);
      },
      { ...rest, rows: events.flatMap((event) => journalRows(index, event)) },
    );
  }
}

/** What cannot be read changes no row, whatever became of it. */
function readable(index: DepartmentIndex, record: LogRecord): CloudEvent | undefined {
  try {
    return subscribedEvent(index, record);
  } catch {
    return undefined;
  }
}

function parkedOf(
  { topic, partition, offset, key, type, sequence, value }: LogRecord,
  consumer: string,
): Omit<ParkedRecord, 'code' | 'reason' | 'parkedAt'> {
  const number = sequence ? { epoch: sequence.epoch, n: sequence.n } : null;
  return { consumer, topic, partition, offset, key, type: type ?? null, sequence: number, value };
}
