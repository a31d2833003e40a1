import { OffsetOutOfRange, UnknownTopic } from '@instep/event-log';
import { protocolError } from '../faults.ts';
import type { Cluster } from '../kafkajs/internals.ts';
import type { KafkaLogger } from '../settings.ts';
import { sleep } from '../sleep.ts';
import { errorName, isForbidden, NONE, OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION } from '../wire/error-codes.ts';
import { fetchRequest, type FetchPartAnswer } from '../wire/requests.ts';
import { DeniedTopics } from './denied-topics.ts';
import type { Lane } from './lane.ts';

export interface FetchSettings {
  readonly cluster: Cluster;
  readonly lanes: readonly Lane[];
  readonly fetchIntervalMs: number;
  /** A topic that the log denies for so long was deleted. */
  readonly goneAfterMs: number;
  readonly logger: KafkaLogger;
  onFatal(error: Error): void;
}

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_BYTES_PER_PARTITION = 512 * 1024;
/** How long a broker waits for a first record when every lane could take one. */
const IDLE_WAIT_MS = 2_500;
/** ... and when a lane that is busy now will want records soon: it cannot be added to a fetch that is under way. */
const BUSY_WAIT_MS = 10;
const BACKOFF_MS = 250;
const WATCH_LEADERS_MS = 1_000;

/** Keeps the lanes of one assignment supplied: one fetch at a time per leading broker, for the lanes that have room. */
export class FetchLoops {
  readonly #settings: FetchSettings;
  readonly #stopping = new AbortController();
  readonly #loops = new Map<number, Promise<void>>();
  #wakeAll: () => void = () => {};
  #hunger: Promise<void> = Promise.resolve();
  /** Fetches under way, by broker: when they were begun. */
  readonly #underWay = new Map<number, number>();
  readonly #denied: DeniedTopics;

  constructor(settings: FetchSettings) {
    this.#settings = settings;
    this.#denied = new DeniedTopics(settings.goneAfterMs);
    this.#renewHunger();
    this.#followLeaders();
    void this.#watchLeaders();
  }

  /** When the fetch that has been waiting longest was begun, in milliseconds since 1970. */
  get oldestFetch(): number | undefined {
    return this.#underWay.size === 0 ? undefined : Math.min(...this.#underWay.values());
  }

  /** A lane has room again. */
  wake(): void {
    this.#wakeAll();
  }

  /** No lane is supplied any more. A fetch under way is left to itself. */
  stop(): void {
    this.#stopping.abort();
    this.#wakeAll();
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #followLeaders(): void {
    const { cluster, lanes } = this.#settings;
    for (const lane of lanes) {
      const leader = leaderOf(cluster, lane);
      if (leader !== undefined && !this.#loops.has(leader)) this.#loops.set(leader, this.#guarded(leader));
    }
    this.#wakeAll();
  }

  /** A partition may be without a leader for a while, or get one that nothing was fetched from before. */
  async #watchLeaders(): Promise<void> {
    const { cluster, lanes } = this.#settings;
    while (!this.#isStopped()) {
      await sleep(WATCH_LEADERS_MS, this.#stopping.signal);
      if (this.#isStopped()) return;
      const leaders = lanes.map((lane) => leaderOf(cluster, lane));
      if (leaders.includes(undefined)) await this.#refreshMetadata().catch(() => {});
      if (leaders.some((leader) => leader === undefined || !this.#loops.has(leader))) this.#followLeaders();
    }
  }

  async #guarded(nodeId: number): Promise<void> {
    try {
      await this.#loop(nodeId);
    } catch (error) {
      if (!this.#isStopped()) this.#settings.onFatal(new Error('a fetch loop ended', { cause: error }));
    }
  }

  async #loop(nodeId: number): Promise<void> {
    const { cluster, lanes, logger, fetchIntervalMs } = this.#settings;
    while (!this.#isStopped()) {
      const led = lanes.filter((lane) => leaderOf(cluster, lane) === nodeId);
      const hungry = led.filter((lane) => lane.hungry);
      if (hungry.length === 0) {
        await this.#hunger;
        continue;
      }
      const startedAt = Date.now();
      this.#underWay.set(nodeId, startedAt);
      try {
        const got = await this.#fetch(nodeId, hungry, led.some((lane) => lane.sated) ? BUSY_WAIT_MS : IDLE_WAIT_MS);
        this.#underWay.delete(nodeId);
        const restMs = startedAt + fetchIntervalMs - Date.now();
        if (got > 0 && restMs > 0) await sleep(restMs, this.#stopping.signal);
      } catch (error) {
        this.#underWay.delete(nodeId);
        if (this.#isStopped()) return;
        logger.warn('could not fetch', { nodeId, error: error instanceof Error ? error.message : String(error) });
        await sleep(BACKOFF_MS, this.#stopping.signal);
        await this.#refreshMetadata().then(
          () => this.#followLeaders(),
          // Still away: the next fetch says so.
          () => {},
        );
      }
    }
  }

  /** Number of records got. */
  async #fetch(nodeId: number, lanes: readonly Lane[], maxWaitMs: number): Promise<number> {
    const { cluster } = this.#settings;
    await this.#metadata(() => cluster.refreshMetadataIfNecessary());
    const broker = await cluster.findBroker({ nodeId });
    const asked = lanes.map((lane) => ({ lane, topic: lane.target.topic, partition: lane.target.partition, offset: lane.fetchOffset }));
    const limits = { maxWaitMs, maxBytes: MAX_BYTES, maxBytesPerPartition: MAX_BYTES_PER_PARTITION };
    const { parts } = await broker.connectionPool.send(fetchRequest(rotated(asked), limits));
    if (this.#isStopped()) return 0;
    let got = 0;
    for (const part of parts) {
      const ask = asked.find((each) => each.topic === part.topic && each.partition === part.partition);
      if (!ask) continue;
      this.#assertGood(part, ask.offset);
      got += part.records.length;
      ask.lane.offer(ask.offset, part);
    }
    return got;
  }

  #refreshMetadata(): Promise<void> {
    return this.#metadata(() => this.#settings.cluster.refreshMetadata());
  }

  /** All topics are asked for together, and the answer does not say which one is denied. */
  async #metadata(ask: () => Promise<void>): Promise<void> {
    const all = [...new Set(this.#settings.lanes.map(({ target }) => target.topic))].join(', ');
    try {
      await ask();
    } catch (error) {
      if (protocolError(error) === 'UNKNOWN_TOPIC_OR_PARTITION') this.#deny(all);
      throw error;
    }
    this.#denied.there(all);
  }

  #deny(topic: string): void {
    if (!this.#denied.isGone(topic, Date.now())) return;
    this.#settings.onFatal(new UnknownTopic(`the log does not know ${topic} any more: deleted, or another log than before`));
  }

  #assertGood({ topic, partition, errorCode, logEnd }: FetchPartAnswer, offset: number): void {
    if (errorCode === NONE) {
      this.#denied.there(topic);
      return;
    }
    if (errorCode === UNKNOWN_TOPIC_OR_PARTITION) this.#deny(topic);
    if (errorCode === OFFSET_OUT_OF_RANGE) {
      this.#settings.onFatal(new OffsetOutOfRange(`${topic}/${partition} does not hold ${offset} (its end is ${logEnd})`));
    } else if (isForbidden(errorCode)) {
      this.#settings.onFatal(new Error(`${topic}/${partition}: ${errorName(errorCode)}`));
    }
    throw new Error(`${topic}/${partition}: ${errorName(errorCode)}`);
  }

  #renewHunger(): void {
    this.#hunger = new Promise((resolve) => {
      this.#wakeAll = () => {
        this.#renewHunger();
        resolve();
      };
    });
  }
}

function leaderOf(cluster: Cluster, { target }: Lane): number | undefined {
  try {
    const leader = cluster.findTopicPartitionMetadata(target.topic).find((each) => each.partitionId === target.partition)?.leader;
    return leader === undefined || leader < 0 ? undefined : leader;
  } catch {
    // No metadata at the moment.
    return undefined;
  }
}

/** A broker fills an answer in the order of the question; each partition shall come first at times. */
function rotated<T>(parts: readonly T[]): readonly T[] {
  const from = Math.floor(Math.random() * parts.length);
  return [...parts.slice(from), ...parts.slice(0, from)];
}
