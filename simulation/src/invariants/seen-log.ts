import type { CloudEvent, TopicName } from '@instep/contracts';
import { decodeEvent, topics } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';

import type { Evidence } from '../evidence.ts';

/** A record and what it says. `event` is undefined when it cannot be read. */
export interface SeenRecord {
  readonly record: LogRecord;
  readonly event: CloudEvent | undefined;
}

const decoded = new WeakMap<LogRecord, SeenRecord>();

/** All records of a topic as a reader sees them: what carries a number that was there before is left out. In order within a partition. */
export function seenRecords(evidence: Evidence, topic: TopicName): readonly SeenRecord[] {
  const seen: SeenRecord[] = [];
  for (let partition = 0; partition < topics[topic].partitions; partition += 1) {
    let last = 0;
    for (const record of evidence.records.get(`${topic}/${String(partition)}`) ?? []) {
      if (record.sequence && record.sequence.n <= last) continue;
      last = record.sequence?.n ?? last;
      seen.push(seenRecord(record));
    }
  }
  return seen;
}

/** The events of a topic, each once. */
export function seenEvents(evidence: Evidence, topic: TopicName): readonly CloudEvent[] {
  return seenRecords(evidence, topic).flatMap(({ event }) => (event ? [event] : []));
}

export function seenRecord(record: LogRecord): SeenRecord {
  const known = decoded.get(record);
  if (known) return known;
  const seen = { record, event: readable(record.value) };
  decoded.set(record, seen);
  return seen;
}

function readable(value: Buffer): CloudEvent | undefined {
  try {
    return decodeEvent(value);
  } catch {
    return undefined;
  }
}
