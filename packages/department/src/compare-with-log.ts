import { partitionName, type EventLog, type PartitionBounds, type TopicPartition } from '@instep/event-log';

import type { RelayLedger } from './store.ts';

/**
 * The log holds higher numbers than this database ever gave out, or this process has read further than the database says: it was restored to
 * an earlier time.
 */
export class DatabaseBehindLog extends Error {
  readonly code = 'relay/database-behind-log';
  readonly transient = false;
}

/** The log has lost records that it had acknowledged to this database: brokers lost their disks, or a topic was made anew. */
export class LogBehindDatabase extends Error {
  readonly code = 'relay/log-behind-database';
  readonly transient = false;
}

/** Highest number per `<topic>/<partition>`. */
export type HighestNumbers = ReadonlyMap<string, number>;

/** A relay that lost its lease may send old numbers again behind newer ones, a batch at most: so the last record alone does not tell. */
const tailRecords = 2_000;

/**
 * The highest numbers that the log holds beyond those that `ledger` gave out, by partition. Number k + 1 lies at offset k or behind it, so
 * a log without repeated records is not read at all.
 */
export async function numbersBeyond(log: EventLog, topics: readonly string[], ledger: RelayLedger): Promise<HighestNumbers> {
  const given = numbersOf(ledger);
  const beyond = new Map<string, number>();
  for (const topic of topics) {
    for (const bounds of await log.bounds(topic)) {
      const target = { topic, partition: bounds.partition };
      const known = given.get(partitionName(target)) ?? 0;
      const highest = await highestNumber(log, target, bounds, known);
      if (highest > known) beyond.set(partitionName(target), highest);
    }
  }
  return beyond;
}

/** Throws DatabaseBehindLog when the ledger has not given out one of these numbers. */
export function assertNotBehind(highest: HighestNumbers, ledger: RelayLedger): void {
  const given = numbersOf(ledger);
  for (const [name, n] of highest) {
    const known = given.get(name) ?? 0;
    if (n > known) {
      throw new DatabaseBehindLog(
        `${name} is at number ${String(n)} but this database gave out only ${String(known)}: it was restored to an earlier time and has to catch up from the log`,
      );
    }
  }
}

/**
 * Throws LogBehindDatabase when a partition ends before the last number that was acknowledged there: the next one would leave a gap in the log
 * for ever, and every reader stops at it. Number k lies at offset k - 1 or behind it. `unsent`: how many of the numbers given out are perhaps
 * not in the log yet.
 */
export async function assertLogNotBehind(log: EventLog, topics: readonly string[], ledger: RelayLedger, unsent: number): Promise<void> {
  const given = numbersOf(ledger);
  for (const topic of topics) {
    for (const { partition, next } of await log.bounds(topic)) {
      const name = partitionName({ topic, partition });
      const acknowledged = (given.get(name) ?? 0) - unsent;
      if (next >= acknowledged) continue;
      throw new LogBehindDatabase(
        `${name} holds ${String(next)} records, but this database had number ${String(acknowledged)} acknowledged there: the log has lost records, and nothing is sent into it. Restore the topic from the lake; where its end is lost for good, build this database from the log with "rebuild --switch-always"`,
      );
    }
  }
}

function numbersOf({ counters }: RelayLedger): HighestNumbers {
  return new Map(counters.map((counter) => [partitionName(counter), counter.n]));
}

async function highestNumber(log: EventLog, target: TopicPartition, { first, next }: PartitionBounds, known: number): Promise<number> {
  const from = Math.max(first, known, next - tailRecords);
  let highest = 0;
  if (from >= next) return highest;
  for await (const records of log.read(target, from, next))
    for (const { sequence } of records) highest = Math.max(highest, sequence?.n ?? 0);
  return highest;
}
