import type { TopicPartition } from '@instep/event-log';
import { protocolError } from '../faults.ts';
import { kafkajs, type Cluster, type ConsumerGroup } from '../kafkajs/internals.ts';
import { closeCluster, logTo, openCluster, RETRY } from '../kafkajs/open-cluster.ts';
import { silent, type KafkaConnection } from '../settings.ts';
import { sleep } from '../sleep.ts';

export interface MembershipSettings {
  readonly connection: KafkaConnection;
  readonly group: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  /** Who this member was in the group before its connection broke: it takes its old place, and the group need not wait for it to expire. */
  readonly memberId: string | null;
}

/** Why an assignment ended. */
export type Ending =
  /** Members came or went: finish what is under way, then join again. */
  | { readonly kind: 'rebalance' }
  /** The connection to the group is broken: connect anew. */
  | { readonly kind: 'lost'; readonly cause: unknown };

/** All members must have joined again within this; one whose slice takes longer is left out. */
const REBALANCE_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** A heartbeat is also how a member learns that another has left: partitions stand still no longer than this. */
const HEARTBEATS_PER_SESSION = 10;

/** One member of a group on connections of its own: join, heartbeats, committed offsets, leave. Classic protocol, round robin. */
export class GroupMembership {
  readonly cluster: Cluster;
  readonly #group: ConsumerGroup;
  readonly #heartbeatMs: number;
  #heart: AbortController | undefined;
  #beatAt = Date.now();

  private constructor(cluster: Cluster, group: ConsumerGroup, heartbeatMs: number) {
    this.cluster = cluster;
    this.#group = group;
    this.#heartbeatMs = heartbeatMs;
  }

  /** Connects; does not join yet. Rejects when no broker answers or a topic is unknown. */
  static async connect(settings: MembershipSettings): Promise<GroupMembership> {
    const { connection, group: groupId, topics, sessionTimeoutMs } = settings;
    const cluster = openCluster(connection, REQUEST_TIMEOUT_MS);
    try {
      await cluster.connect();
      await cluster.addMultipleTargetTopics(topics);
      const logger = kafkajs.createLogger({ level: 2, logCreator: logTo(connection.logger ?? silent) });
      const group = new kafkajs.ConsumerGroup({
        logger,
        topics: [...topics],
        topicConfigurations: Object.fromEntries(topics.map((topic) => [topic, { fromBeginning: true }])),
        retry: RETRY,
        cluster,
        groupId,
        assigners: [kafkajs.roundRobin({ groupId, logger, cluster })],
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: REBALANCE_TIMEOUT_MS,
        instrumentationEmitter: new kafkajs.Emitter(),
        autoCommit: false,
        isolationLevel: 0,
        rackId: '',
      });
      group.memberId = settings.memberId;
      return new GroupMembership(cluster, group, sessionTimeoutMs / HEARTBEATS_PER_SESSION);
    } catch (error) {
      await closeCluster(cluster);
      throw error;
    }
  }

  get memberId(): string | null {
    return this.#group.memberId;
  }

  /** When the group last heard of this member, in milliseconds since 1970. */
  get beatAt(): number {
    return this.#beatAt;
  }

  /**
   * Joins, or joins again, and keeps the membership alive from then on. `ended` settles when the assignment is over; heartbeats go on even
   * then, so that slices under way can be finished while the group waits.
   */
  async join(): Promise<{ readonly assigned: readonly TopicPartition[]; readonly ended: Promise<Ending> }> {
    this.#heart?.abort();
    await this.#group.joinAndSync();
    this.#beatAt = Date.now();
    const heart = new AbortController();
    this.#heart = heart;
    const assigned = this.#group.assigned().flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
    return { assigned, ended: this.#beat(heart.signal) };
  }

  /** For lag tools only; positions that matter are the consumer's own. */
  async commit(positions: readonly (TopicPartition & { readonly nextOffset: number })[]): Promise<void> {
    if (positions.length === 0) return;
    const topics = [...new Set(positions.map((position) => position.topic))].map((topic) => ({
      topic,
      partitions: positions
        .filter((position) => position.topic === topic)
        .map(({ partition, nextOffset }) => ({ partition, offset: String(nextOffset) })),
    }));
    await this.#group.offsetManager?.commitOffsets({ topics });
  }

  /** Tells the group, so that others get the partitions at once. */
  async leave(): Promise<void> {
    this.#heart?.abort();
    await this.#group.leave();
  }

  async close(): Promise<void> {
    this.#heart?.abort();
    await closeCluster(this.cluster);
  }

  #beat(signal: AbortSignal): Promise<Ending> {
    return new Promise((resolve) => {
      void this.#beatOn(signal, resolve);
    });
  }

  async #beatOn(signal: AbortSignal, end: (ending: Ending) => void): Promise<void> {
    const over = (): boolean => signal.aborted;
    for (;;) {
      await sleep(this.#heartbeatMs, signal);
      if (over()) return;
      try {
        await this.#group.heartbeat({ interval: 0 });
        this.#beatAt = Date.now();
      } catch (error) {
        if (over()) return;
        if (protocolError(error) === 'UNKNOWN_MEMBER_ID') {
          // Expelled: joining as nobody is quicker than being refused again.
          this.#group.memberId = null;
          end({ kind: 'rebalance' });
          return;
        }
        if (!kafkajs.isRebalancing(error)) {
          end({ kind: 'lost', cause: error });
          return;
        }
        this.#beatAt = Date.now();
        end({ kind: 'rebalance' });
      }
    }
  }
}
