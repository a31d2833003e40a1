import type { EventLog, LogReader, LogRecord, NewRecord, PartitionBounds, TopicPartition } from '@instep/event-log';

import { LakeFault } from '../fault.ts';

export interface RestoreParts {
  /** What was saved. */
  readonly saved: LogReader;
  /** Where it is to be again. */
  readonly log: EventLog;
  /** Records written or compared since the last call. */
  onRecords?(count: number): void;
}

/** Records of an append. The log splits them further where they are large. */
const AT_ONCE = 500;

/** Attempts in a row that bring nothing before it is given up. Each has taken as long as the log was told to try. */
const TRIES = 20;

/**
 * How many records the saved topic has. Rejects where the topic of the log is not one that it can be written into: it must be there, have as
 * many partitions, and hold nothing and never have held anything, or the offsets would be others than before.
 */
export async function assertRestorable({ saved, log }: RestoreParts, topic: string): Promise<number> {
  const wanted = await saved.bounds(topic);
  const there = await boundsIn(log, topic);
  if (there.length !== wanted.length)
    throw new LakeFault(
      'lake/not-restorable',
      `${topic} has ${there.length} partitions in the log and ${wanted.length} in the lake: delete it and make it anew with npm run log -- topics --create.`,
    );
  const used = there.find(({ next }) => next > 0);
  if (used)
    throw new LakeFault(
      'lake/not-restorable',
      `${topic}/${used.partition} is not empty, its next offset is ${used.next}: only an empty topic is filled. Nothing was written. If what it holds is not wanted, delete the topic and make it anew with npm run log -- topics --create.`,
    );
  return wanted.reduce((sum, { next }) => sum + next, 0);
}

/**
 * Writes a topic as it was saved into an empty one of the log: each record in its partition, in order, at its offset. Then reads it back and
 * compares record by record. Where the log did not answer it looks how much is there, and goes on. Rejects with `LakeFault` when somebody else
 * wrote into it meanwhile, or the log stays away; the topic has to be made anew then. Call `assertRestorable` before. The time at which the broker took the record is the only thing that is not as before.
 */
export async function restoreTopic(parts: RestoreParts, topic: string): Promise<void> {
  const partitions = await parts.saved.bounds(topic);
  for (const bounds of partitions) await fill(parts, { topic, partition: bounds.partition }, bounds);
  for (const bounds of partitions) await compare(parts, { topic, partition: bounds.partition }, bounds);
}

async function fill({ saved, log, onRecords }: RestoreParts, target: TopicPartition, { next }: PartitionBounds): Promise<void> {
  for await (const batch of saved.read(target, 0, next)) {
    let inVain = 0;
    for (let at = 0; at < batch.length;) {
      const written = await append(log, target, batch.slice(at, at + AT_ONCE));
      inVain = written === 0 ? inVain + 1 : 0;
      if (inVain === TRIES) throw away(target);
      at += written;
      onRecords?.(written);
    }
  }
}

/** Gives how many of the records are there now: all, or those that were stored before the log stopped to answer. */
async function append(log: EventLog, target: TopicPartition, records: readonly LogRecord[]): Promise<number> {
  const first = records[0]?.offset ?? 0;
  try {
    const { firstOffset } = await log.append(target, records.map(asNew));
    if (firstOffset === first) return records.length;
    throw disturbed(target, `record ${first} came to offset ${firstOffset}: somebody else writes there, stop all services.`);
  } catch (cause) {
    if (!isAway(cause)) throw cause;
  }
  // Appending again before that is known might store them twice. What they are is compared in the end.
  const stored = (await endOf(log, target)) - first;
  if (stored >= 0 && stored <= records.length) return stored;
  throw disturbed(target, `it ends at ${first + stored}, and nobody wrote that: somebody else writes there, stop all services.`);
}

async function endOf(log: EventLog, target: TopicPartition): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return (await log.bounds(target.topic)).find(({ partition }) => partition === target.partition)?.next ?? 0;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
  throw away(target);
}

function isAway(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'log/unavailable';
}

function away(target: TopicPartition): LakeFault {
  return disturbed(target, 'the log does not answer, and nobody knows how much of it is there.');
}

/** A record without a type of its own is told by an empty one, as readers take it. */
function asNew({ key, type, sequence, value }: LogRecord): NewRecord {
  return { key, type: type ?? '', sequence, value };
}

async function compare({ saved, log, onRecords }: RestoreParts, target: TopicPartition, { next }: PartitionBounds): Promise<void> {
  const written = one(log.read(target, 0, next));
  for await (const batch of saved.read(target, 0, next)) {
    for (const record of batch) {
      const { value: found } = await written.next();
      if (!found || !isSame(record, found)) throw disturbed(target, `offset ${record.offset} does not hold the record that was saved.`);
    }
    onRecords?.(batch.length);
  }
  const end = await endOf(log, target);
  if (end !== next) throw disturbed(target, `it ends at ${end} and not at ${next}: somebody else writes there, stop all services.`);
}

async function* one(batches: AsyncIterable<readonly LogRecord[]>): AsyncGenerator<LogRecord, undefined> {
  for await (const batch of batches) yield* batch;
  return undefined;
}

function isSame(saved: LogRecord, found: LogRecord): boolean {
  const [a, b] = [saved.sequence, found.sequence];
  return (
    saved.offset === found.offset &&
    saved.key === found.key &&
    (saved.type ?? '') === (found.type ?? '') &&
    a?.epoch === b?.epoch &&
    a?.n === b?.n &&
    a?.serial === b?.serial &&
    saved.value.equals(found.value)
  );
}

function disturbed({ topic, partition }: TopicPartition, what: string, cause?: unknown): LakeFault {
  return new LakeFault(
    'lake/restore-disturbed',
    `${topic}/${partition}: ${what} Delete ${topic}, make it anew with npm run log -- topics --create, and restore it again.`,
    cause,
  );
}

async function boundsIn(log: EventLog, topic: string): Promise<readonly PartitionBounds[]> {
  try {
    return await log.bounds(topic);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'log/unknown-topic') throw error;
    throw new LakeFault('lake/not-restorable', `The log has no topic ${topic}: make it first with npm run log -- topics --create.`, error);
  }
}
