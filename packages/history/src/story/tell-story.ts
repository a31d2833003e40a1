import { topics, type TopicDefinition } from '@instep/contracts';
import type { EventLog, LogRecord } from '@instep/event-log';

import { inCausalOrder, treeOf, type StoryNode } from './causal-order.ts';
import { Collection } from './collection.ts';
import type { StoryEvent } from './story-event.ts';

export interface StoryQuery {
  /** Id of an order, a customer, an item, an employee … as events spell it, a record key `<tenant>/<id>`, or the id of one event. */
  readonly id: string;
  /** Needed when several tenants know the id. */
  readonly tenant?: string;
  /** Topics to read. Default: all that the contracts name. */
  readonly topics?: readonly string[];
  /** Most events to tell. Default 5,000. */
  readonly most?: number;
  /** Records read so far, of how many. */
  readonly progress?: (read: number, total: number) => void;
}

export interface Story {
  readonly id: string;
  /** Tenants whose events name the id. Only with one of them there are events. */
  readonly tenants: readonly string[];
  /** In causal order. */
  readonly events: readonly StoryEvent[];
  /** The same as trees of causes and effects. */
  readonly roots: readonly StoryNode[];
  /** Whether there were more events than `most`. */
  readonly cut: boolean;
}

/**
 * All that happened to one business key, over all topics: events that name it, what caused them up to the first request or webhook, what
 * they led to, and everything the channels said of the same object. Reads the log twice from end to end; it has no index. Rejects with
 * UnknownTopic or LogUnavailable.
 */
export async function story(log: EventLog, query: StoryQuery): Promise<Story> {
  const known: readonly TopicDefinition[] = Object.values(topics);
  const names = query.topics ?? known.map(({ name }) => name);
  const collection = new Collection(log, query.id, query.tenant, query.most ?? 5_000);
  await readAll(log, names, 0, query.progress, (record) => collection.addNaming(record));
  const tenants = collection.tenants();
  if (tenants.length !== 1) return { id: query.id, tenants, events: [], roots: [], cut: false };
  await collection.addCauses();
  await readAll(log, names, 1, query.progress, (record) => collection.addRelated(record));
  const events = inCausalOrder(collection.connected());
  return { id: query.id, tenants, events, roots: treeOf(events), cut: collection.cut };
}

/** `round` 0 or 1 of the two readings that make up the progress. */
async function readAll(
  log: EventLog,
  names: readonly string[],
  round: number,
  progress: StoryQuery['progress'],
  each: (record: LogRecord) => void,
): Promise<void> {
  const bounds = await Promise.all(names.map(async (topic) => (await log.bounds(topic)).map((of) => ({ topic, ...of }))));
  const partitions = bounds.flat();
  const total = partitions.reduce((sum, { first, next }) => sum + next - first, 0);
  let read = 0;
  for (const { topic, partition, first, next } of partitions) {
    for await (const records of log.read({ topic, partition }, first, next)) {
      for (const record of records) each(record);
      read += records.length;
      progress?.(round * total + read, 2 * total);
    }
  }
}
