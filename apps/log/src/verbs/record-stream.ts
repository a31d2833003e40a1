import type { EventLog, LogRecord, PartitionBounds, TopicPartition } from '@instep/event-log';
import { offsetAt } from '@instep/history';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Place } from '../when.ts';

const EVERY_MS = 300;

/** `back`: so many records before the end of each partition. */
export type Start = Place | 'beginning' | 'end' | { readonly back: number };

interface Lane extends TopicPartition {
  next: number;
  end: number;
}

/** The records of some topics in the order of their time stamps, without taking part in a consumer group. */
export class RecordStream {
  readonly #log: EventLog;
  readonly #topics: readonly string[];
  readonly #signal: AbortSignal;
  readonly #lanes: Lane[] = [];

  constructor(log: EventLog, topics: readonly string[], signal: AbortSignal) {
    this.#log = log;
    this.#topics = topics;
    this.#signal = signal;
  }

  async startAt(place: Start): Promise<void> {
    for (const topic of this.#topics) {
      for (const bounds of await this.#log.bounds(topic)) {
        const target = { topic, partition: bounds.partition };
        const { first, next: end } = bounds;
        const asked = await this.#offsetOf(place, target, bounds);
        this.#lanes.push({ ...target, next: Math.min(Math.max(first, asked), end), end });
      }
    }
  }

  async #offsetOf(place: Start, target: TopicPartition, bounds: PartitionBounds): Promise<number> {
    if (place === 'beginning') return bounds.first;
    if (place === 'end') return bounds.next;
    if (typeof place === 'number') return place;
    return place instanceof Date ? offsetAt(this.#log, target, bounds, place) : bounds.next - place.back;
  }

  /** What lies between the start and the end as it was then. */
  async *untilEnd(): AsyncGenerator<LogRecord> {
    const open = this.#lanes.filter(({ next, end }) => next < end).map((lane) => ({ lane, records: recordsOf(this.#log, lane) }));
    const heads: { readonly record: LogRecord; readonly from: (typeof open)[number] }[] = [];
    const advance = async (from: (typeof open)[number]): Promise<void> => {
      const { value, done } = await from.records.next();
      if (done !== true) heads.push({ record: value, from });
    };
    for (const from of open) await advance(from);
    while (heads.length > 0 && !this.#signal.aborted) {
      let earliest = 0;
      for (const [at, { record }] of heads.entries()) if (record.timestamp < (heads[earliest]?.record.timestamp ?? 0)) earliest = at;
      const [head] = heads.splice(earliest, 1);
      if (!head) return;
      head.from.lane.next = head.record.offset + 1;
      yield head.record;
      await advance(head.from);
    }
  }

  /** What is appended from then on, until asked to end. */
  async *following(): AsyncGenerator<LogRecord> {
    while (!this.#signal.aborted) {
      for (const topic of this.#topics) {
        const ends = new Map((await this.#log.bounds(topic)).map(({ partition, next }) => [partition, next]));
        for (const lane of this.#lanes) if (lane.topic === topic) lane.end = ends.get(lane.partition) ?? lane.end;
      }
      yield* this.untilEnd();
      await sleep(EVERY_MS, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }
}

async function* recordsOf(log: EventLog, { topic, partition, next, end }: Lane): AsyncGenerator<LogRecord, undefined> {
  for await (const records of log.read({ topic, partition }, next, end)) yield* records;
  return undefined;
}
