import { decodeEvent, type CloudEvent } from '@instep/contracts';
import type { LogReader, LogRecord, TopicPartition } from '@instep/event-log';

/** A record at the moment at which the company knew it. */
export interface KnownRecord {
  readonly record: LogRecord;
  /** Undefined for what is no event that this release knows. */
  readonly event: CloudEvent | undefined;
  /** Milliseconds since 1970: when it was recorded, but not before what lies before it in its partition, and not before its cause. */
  readonly at: number;
}

/** Up to where the log was given out, and when what was given out last was known. */
export interface Reached {
  readonly at: number;
  readonly partitions: readonly (TopicPartition & { readonly nextOffset: number })[];
}

export interface Reading {
  readonly log: LogReader;
  readonly topics: readonly string[];
  readonly from: Reached;
  /** Milliseconds since 1970: what was recorded later waits for another time. */
  readonly until: number;
}

const batchSize = 2_000;

/**
 * Every record of these topics in the order in which the company came to know it. What is known at a moment is therefore a beginning of this
 * order, ends each partition at one offset, and holds no effect without its cause: a cut through all departments. What reaches the log long
 * after it was recorded counts from when it was read: an answer that was given once stays true.
 * A record whose cause is not there yet waits, and all behind it in its partition.
 */
export async function* inOrderOfKnowledge({ log, topics, from, until }: Reading): AsyncGenerator<readonly KnownRecord[]> {
  const lanes = new Map<string, Lane>();
  for (const topic of topics) {
    for (const { partition, next } of await log.bounds(topic)) {
      const start = from.partitions.find((each) => each.topic === topic && each.partition === partition)?.nextOffset ?? 0;
      lanes.set(`${topic}/${partition}`, new Lane(log, { topic, partition }, start, next, lanes));
    }
  }
  const all = [...lanes.values()];
  let now = from.at;
  let batch: KnownRecord[] = [];
  try {
    for (;;) {
      for (const lane of all) if (lane.isDry) await lane.fill();
      const next = first(all, until);
      if (next === undefined) break;
      const taken = next.take(now);
      now = taken.at;
      batch.push(taken);
      if (batch.length === batchSize) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  } finally {
    for (const lane of all) await lane.close();
  }
}

/** Of the lanes whose next record may follow, the one whose record was recorded first. */
function first(lanes: readonly Lane[], until: number): Lane | undefined {
  let found: Lane | undefined;
  for (const lane of lanes) {
    if (!lane.isReady || lane.recorded > until || (found !== undefined && lane.recorded >= found.recorded) || lane.isBlocked) continue;
    found = lane;
  }
  return found;
}

interface Waiting {
  readonly record: LogRecord;
  readonly event: CloudEvent | undefined;
  readonly recorded: number;
  readonly cause: { readonly lane: Lane; readonly offset: number } | undefined;
}

/** One partition, read ahead. */
class Lane {
  /** When the next record was recorded; infinite when there is none. */
  recorded = Number.POSITIVE_INFINITY;
  #next: number;
  readonly #end: number;
  readonly #batches: AsyncIterator<readonly LogRecord[]>;
  readonly #lanes: ReadonlyMap<string, Lane>;
  #records: readonly LogRecord[] = [];
  #at = 0;
  #head: Waiting | undefined;

  constructor(log: LogReader, target: TopicPartition, start: number, end: number, lanes: ReadonlyMap<string, Lane>) {
    this.#next = start;
    this.#end = end;
    this.#batches = (start < end ? log.read(target, start, end) : nothing())[Symbol.asyncIterator]();
    this.#lanes = lanes;
  }

  get isDry(): boolean {
    return this.#head === undefined && this.#next < this.#end;
  }

  get isReady(): boolean {
    return this.#head !== undefined;
  }

  get isBlocked(): boolean {
    const cause = this.#head?.cause;
    return cause !== undefined && cause.lane.#next <= cause.offset;
  }

  async fill(): Promise<void> {
    while (this.#at >= this.#records.length) {
      const step = await this.#batches.next();
      if (step.done === true) throw new Error(`the log ended at offset ${this.#next} and not at ${this.#end}`);
      this.#records = step.value;
      this.#at = 0;
    }
    this.#show();
  }

  take(now: number): KnownRecord {
    const head = this.#head;
    if (head === undefined) throw new Error('nothing to take');
    this.#next = head.record.offset + 1;
    this.#at += 1;
    this.#head = undefined;
    this.recorded = Number.POSITIVE_INFINITY;
    if (this.#at < this.#records.length) this.#show();
    return { record: head.record, event: head.event, at: Math.max(now, head.recorded) };
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }

  #show(): void {
    const record = this.#records[this.#at];
    if (record === undefined) return;
    const event = eventOf(record);
    const recorded = event === undefined ? record.timestamp : Date.parse(event.recordedtime);
    this.recorded = Number.isNaN(recorded) ? record.timestamp : recorded;
    this.#head = { record, event, recorded: this.recorded, cause: this.#causeOf(event) };
  }

  #causeOf(event: CloudEvent | undefined): Waiting['cause'] {
    const place = event?.causeposition;
    if (place === undefined) return undefined;
    const cut = place.lastIndexOf('/');
    const lane = this.#lanes.get(place.slice(0, cut));
    return lane === undefined || lane === this ? undefined : { lane, offset: Number(place.slice(cut + 1)) };
  }
}

/** Undefined for what is no event that this release knows. */
export function eventOf(record: LogRecord): CloudEvent | undefined {
  try {
    return decodeEvent(record.value);
  } catch {
    return undefined;
  }
}

async function* nothing(): AsyncGenerator<readonly LogRecord[]> {
  yield* [];
}
