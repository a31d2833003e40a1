import { LogUnavailable, RecordTooLarge, type NewRecord, type TopicPartition } from '@instep/event-log';
import type { Broker, Cluster } from '../kafkajs/internals.ts';
import { closeCluster, openCluster } from '../kafkajs/open-cluster.ts';
import type { KafkaConnection } from '../settings.ts';
import { sleep } from '../sleep.ts';
import { errorName, MESSAGE_TOO_LARGE, mayBeSentAgain, NONE, RECORD_LIST_TOO_LARGE } from '../wire/error-codes.ts';
import { encodeBatch } from '../wire/record-batch.ts';
import { assertSpoken, type ProducePartAnswer } from '../wire/requests.ts';
import { LeaderChannel } from './leader-channel.ts';

/** One identity towards the brokers. Never used again once a batch of it was given up. */
export interface ProducerSession {
  /**
   * Stores the records as one batch and gives the offset of the first. At most one call per partition at a time. A rejection leaves open
   * whether they are stored, except `RecordTooLarge`.
   */
  produce(target: TopicPartition, records: readonly NewRecord[]): Promise<number>;
  close(): Promise<void>;
}

const ACK_TIMEOUT_MS = 10_000;
const BACKOFF_MS = { first: 20, most: 1_000 };
const LAST_SEQUENCE = 0x7fff_ffff;

/** Connects and takes a producer id. Rejects when no broker answers. */
export async function openProducerSession(connection: KafkaConnection, appendTimeoutMs: number): Promise<ProducerSession> {
  const cluster = openCluster(connection, ACK_TIMEOUT_MS);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const broker = await anyBroker(cluster);
    assertSpoken(broker);
    const { producerId, producerEpoch } = await takeProducerId(broker, appendTimeoutMs);
    return new IdempotentSession(cluster, { producerId: BigInt(producerId), producerEpoch, appendTimeoutMs });
  } catch (error) {
    await closeCluster(cluster);
    throw error;
  }
}

/** A broker that has just started may need a moment before it can hand out ids. Nothing has been sent yet, so asking again is safe. */
async function takeProducerId(broker: Broker, withinMs: number): Promise<{ readonly producerId: string; readonly producerEpoch: number }> {
  const giveUpAt = performance.now() + withinMs;
  for (let backoff = BACKOFF_MS.first; ; backoff = Math.min(backoff * 2, BACKOFF_MS.most)) {
    try {
      return await broker.initProducerId({ transactionTimeout: 60_000 });
    } catch (error) {
      const retriable = error instanceof Error && 'retriable' in error && error.retriable === true;
      if (!retriable || performance.now() + backoff > giveUpAt) throw error;
      await sleep(backoff);
    }
  }
}

async function anyBroker(cluster: Cluster): Promise<Broker> {
  const [nodeId] = cluster.getNodeIds();
  if (nodeId === undefined) throw new LogUnavailable('no broker is known');
  return cluster.findBroker({ nodeId });
}

interface Part extends TopicPartition {
  readonly batch: Buffer;
  readonly count: number;
}

export interface SessionSettings {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly appendTimeoutMs: number;
}

export class IdempotentSession implements ProducerSession {
  readonly #cluster: Cluster;
  readonly #settings: SessionSettings;
  readonly #sequences = new Map<string, number>();
  readonly #topics = new Set<string>();
  readonly #channels = new Map<number, LeaderChannel>();
  #closed = false;

  constructor(cluster: Cluster, settings: SessionSettings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /**
   * The bytes of a batch never change, its sequence number included, however often it is sent: the broker knows it again when only the
   * answer was lost. The number moves on only with the acknowledgement.
   */
  async produce(target: TopicPartition, records: readonly NewRecord[]): Promise<number> {
    const name = `${target.topic}/${target.partition}`;
    const firstSequence = this.#sequences.get(name) ?? 0;
    const { producerId, producerEpoch, appendTimeoutMs } = this.#settings;
    const batch = encodeBatch(records, { producerId, producerEpoch, firstSequence, timestamp: Date.now() });
    const baseOffset = await this.#send({ ...target, batch, count: records.length }, Date.now() + appendTimeoutMs);
    // As the broker counts: after the last int32 comes 0.
    this.#sequences.set(name, (firstSequence + records.length) % (LAST_SEQUENCE + 1));
    return baseOffset;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await closeCluster(this.#cluster);
  }

  async #send(part: Part, deadline: number): Promise<number> {
    let backoffMs = BACKOFF_MS.first;
    for (;;) {
      const outcome = await this.#attempt(part);
      if (typeof outcome === 'number') return outcome;
      if (this.#closed || Date.now() + backoffMs >= deadline)
        throw new LogUnavailable(`${part.topic} did not acknowledge`, { cause: outcome });
      await sleep(backoffMs);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.most);
    }
  }

  /** The base offset, or why it is worth another attempt. Throws where it is not. */
  async #attempt(part: Part): Promise<number | Error> {
    let answer: ProducePartAnswer;
    try {
      const channel = await this.#channelOf(part);
      answer = await channel.send(part);
    } catch (error) {
      await this.#refresh();
      return error instanceof Error ? error : new Error(String(error));
    }
    const { errorCode, baseOffset } = answer;
    if (errorCode === NONE) return baseOffset;
    const name = errorName(errorCode);
    const tooLarge = errorCode === MESSAGE_TOO_LARGE || errorCode === RECORD_LIST_TOO_LARGE;
    if (tooLarge && part.count === 1) throw new RecordTooLarge(`${part.topic} refused a record: ${name}`);
    if (!mayBeSentAgain(errorCode)) throw new LogUnavailable(`${part.topic}/${part.partition} answered ${name}`);
    await this.#refresh();
    return new Error(name);
  }

  async #channelOf({ topic, partition }: TopicPartition): Promise<LeaderChannel> {
    if (!this.#topics.has(topic)) {
      await this.#cluster.addMultipleTargetTopics([topic]);
      this.#topics.add(topic);
    }
    await this.#cluster.refreshMetadataIfNecessary();
    const metadata = this.#cluster.findTopicPartitionMetadata(topic).find((each) => each.partitionId === partition);
    if (!metadata || metadata.leader < 0) throw new Error(`${topic}/${partition} has no leader`);
    const nodeId = metadata.leader;
    const known = this.#channels.get(nodeId);
    if (known) return known;
    const channel = new LeaderChannel(() => this.#cluster.findBroker({ nodeId }), ACK_TIMEOUT_MS);
    this.#channels.set(nodeId, channel);
    return channel;
  }

  async #refresh(): Promise<void> {
    if (this.#closed) return;
    // Without metadata the next attempt fails as well and says why.
    await this.#cluster.refreshMetadata().catch(() => {});
  }
}
