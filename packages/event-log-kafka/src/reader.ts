import {
  LogUnavailable,
  OffsetOutOfRange,
  UnknownTopic,
  type LogRecord,
  type PartitionBounds,
  type TopicPartition,
} from '@instep/event-log';
import { asFault } from './faults.ts';
import type { Broker, Cluster } from './kafkajs/internals.ts';
import { closeCluster, openCluster } from './kafkajs/open-cluster.ts';
import type { KafkaConnection } from './settings.ts';
import { sleep } from './sleep.ts';
import { errorName, isForbidden, NONE, OFFSET_OUT_OF_RANGE } from './wire/error-codes.ts';
import { assertSpoken, fetchRequest, type FetchPartAnswer } from './wire/requests.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const READ_LIMITS = { maxWaitMs: 500, maxBytes: 4 * 1024 * 1024, maxBytesPerPartition: 4 * 1024 * 1024 };
const ATTEMPTS = 6;
const BACKOFF_MS = 200;
const TOPIC_RESOURCE = 2;
const DEFAULT_MOST_BYTES = 1_048_588;

export interface TopicFacts {
  readonly partitions: number;
  /** Largest batch that the topic takes, in bytes (`max.message.bytes`). */
  readonly mostBytes: number;
}

/** What can be known and read of topics without a group. Connects at the first question. */
export class Reader {
  readonly #connection: KafkaConnection;
  readonly #facts = new Map<string, Promise<TopicFacts>>();
  #cluster: Promise<Cluster> | undefined;
  #closed = false;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** Asked once per topic: the partition count of a topic never changes. */
  facts(topic: string): Promise<TopicFacts> {
    const known = this.#facts.get(topic);
    if (known) return known;
    const asked = this.#askFacts(topic);
    this.#facts.set(topic, asked);
    asked.catch(() => this.#facts.delete(topic));
    return asked;
  }

  async bounds(topic: string): Promise<readonly PartitionBounds[]> {
    return this.#persistently(`bounds of ${topic}`, async (cluster) => {
      const { partitions } = await this.facts(topic);
      await cluster.addMultipleTargetTopics([topic]);
      const asked = Array.from({ length: partitions }, (_, partition) => ({ partition }));
      const [[first], [next]] = await Promise.all([
        cluster.fetchTopicsOffset([{ topic, fromBeginning: true, partitions: asked }]),
        cluster.fetchTopicsOffset([{ topic, fromBeginning: false, partitions: asked }]),
      ]);
      return asked.map(({ partition }) => ({ partition, first: offsetOf(first, partition), next: offsetOf(next, partition) }));
    });
  }

  /** The next piece is asked for while the caller works on the one before. */
  async *read(target: TopicPartition, from: number, to: number): AsyncGenerator<readonly LogRecord[]> {
    const bounds = (await this.bounds(target.topic)).find((each) => each.partition === target.partition);
    if (!bounds) throw new UnknownTopic(`topic ${target.topic} has no partition ${target.partition}`);
    if (from < bounds.first || from > bounds.next) {
      throw new OffsetOutOfRange(`${target.topic}/${target.partition} holds ${bounds.first} to ${bounds.next}, not ${from}`);
    }
    const end = Math.min(to, bounds.next);
    let coming = from < end ? this.#fetch(target, from) : undefined;
    while (coming) {
      const { records, nextOffset } = await coming;
      coming = nextOffset < end ? this.#fetch(target, nextOffset) : undefined;
      // Whoever leaves in the middle does not wait for it.
      coming?.catch(() => {});
      const wanted = nextOffset > end ? records.filter((record) => record.offset < end) : records;
      if (wanted.length > 0) yield wanted;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#forget();
  }

  #fetch(target: TopicPartition, offset: number): Promise<FetchPartAnswer> {
    return this.#persistently(`reading ${target.topic}/${target.partition}`, async (cluster) => {
      const leader = cluster.findTopicPartitionMetadata(target.topic).find((each) => each.partitionId === target.partition)?.leader;
      if (leader === undefined || leader < 0) throw new Error('no leader');
      const broker = await cluster.findBroker({ nodeId: leader });
      const { parts } = await broker.connectionPool.send(fetchRequest([{ ...target, offset }], READ_LIMITS));
      const [part] = parts;
      if (!part) throw new Error('an empty answer');
      if (part.errorCode === OFFSET_OUT_OF_RANGE) throw new OffsetOutOfRange(`${target.topic}/${target.partition} does not hold ${offset}`);
      if (part.errorCode !== NONE) throw new Error(errorName(part.errorCode), { cause: { forbidden: isForbidden(part.errorCode) } });
      return part;
    });
  }

  async #askFacts(topic: string): Promise<TopicFacts> {
    return this.#persistently(`topic ${topic}`, async (cluster) => {
      await cluster.addMultipleTargetTopics([topic]);
      const partitions = cluster.findTopicPartitionMetadata(topic).length;
      if (partitions === 0) throw new UnknownTopic(`no topic ${topic}`);
      return { partitions, mostBytes: await mostBytesOf(cluster, topic) };
    });
  }

  async #persistently<T>(doing: string, attempt: (cluster: Cluster) => Promise<T>): Promise<T> {
    for (let left = ATTEMPTS; ; left--) {
      try {
        return await attempt(await this.#connected());
      } catch (cause) {
        const fault = asFault(doing, cause);
        if (!(fault instanceof LogUnavailable) || left <= 1 || this.#closed) throw fault;
        await sleep(BACKOFF_MS);
        await this.#renew();
      }
    }
  }

  /** New metadata, or new connections where that fails. */
  async #renew(): Promise<void> {
    try {
      await (await this.#cluster)?.refreshMetadata();
    } catch {
      await this.#forget();
    }
  }

  #connected(): Promise<Cluster> {
    if (this.#closed) return Promise.reject(new LogUnavailable('the log is closed'));
    this.#cluster ??= connect(this.#connection);
    return this.#cluster;
  }

  async #forget(): Promise<void> {
    const forgotten = this.#cluster;
    // At once: one that somebody opens meanwhile must not be forgotten with it.
    this.#cluster = undefined;
    const cluster = await forgotten?.catch(() => undefined);
    if (cluster) await closeCluster(cluster);
  }
}

async function connect(connection: KafkaConnection): Promise<Cluster> {
  const cluster = openCluster(connection, REQUEST_TIMEOUT_MS);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    assertSpoken(await anyBroker(cluster));
    return cluster;
  } catch (error) {
    await closeCluster(cluster);
    throw error;
  }
}

async function anyBroker(cluster: Cluster): Promise<Broker> {
  const [nodeId] = cluster.getNodeIds();
  if (nodeId === undefined) throw new LogUnavailable('no broker is known');
  return cluster.findBroker({ nodeId });
}

/** A client that may not describe a topic goes by the broker's default. */
async function mostBytesOf(cluster: Cluster, topic: string): Promise<number> {
  const broker = await anyBroker(cluster);
  const query = { type: TOPIC_RESOURCE, name: topic, configNames: ['max.message.bytes'] };
  const { resources } = await broker.describeConfigs({ resources: [query] }).catch(() => ({ resources: [] }));
  const entry = resources[0]?.configEntries.find((each) => each.configName === 'max.message.bytes');
  return entry ? Number(entry.configValue) : DEFAULT_MOST_BYTES;
}

function offsetOf(
  answer: { readonly partitions: readonly { readonly partition: number; readonly offset: string }[] } | undefined,
  partition: number,
): number {
  const found = answer?.partitions.find((each) => each.partition === partition);
  if (!found) throw new Error(`no offset of partition ${partition} in the answer`);
  return Number(found.offset);
}
