import { OffsetOutOfRange, type Subscription, type TopicPartition } from '@instep/event-log';
import type { Cluster } from '../kafkajs/internals.ts';
import type { KafkaLogger } from '../settings.ts';
import { FetchLoops } from './fetch-loops.ts';
import { Lane } from './lane.ts';
import { Turnstile } from './turnstile.ts';

export interface AssignmentSettings {
  readonly subscription: Subscription;
  readonly cluster: Cluster;
  readonly assigned: readonly TopicPartition[];
  readonly slicesAtOnce: number;
  readonly fetchIntervalMs: number;
  readonly goneAfterMs: number;
  readonly logger: KafkaLogger;
  onCrash(error: Error): void;
}

const DEFAULT_MAX_SLICE = 500;

/** What one generation of the group gave this member, at work. */
export class Assignment {
  readonly #lanes: readonly Lane[];
  readonly #loops: FetchLoops;

  private constructor(lanes: readonly Lane[], loops: FetchLoops) {
    this.#lanes = lanes;
    this.#loops = loops;
  }

  /** Asks the consumer where to go on, then starts. Rejects with what `startAt` rejects with, or `OffsetOutOfRange`. */
  static async start(settings: AssignmentSettings): Promise<Assignment> {
    const { subscription, cluster, assigned, slicesAtOnce, fetchIntervalMs, goneAfterMs, logger, onCrash } = settings;
    const positions = await subscription.startAt(assigned);
    const turnstile = new Turnstile(slicesAtOnce);
    let wake: () => void = () => {};
    const lanes = assigned.map(
      (target) =>
        new Lane({
          target,
          nextOffset: positionOf(target, positions),
          maxSlice: subscription.maxSlice ?? DEFAULT_MAX_SLICE,
          turnstile,
          onSlice: (slice) => subscription.onSlice(slice),
          onHungry: () => wake(),
          onCrash,
        }),
    );
    const loops = new FetchLoops({ cluster, lanes, fetchIntervalMs, goneAfterMs, logger, onFatal: onCrash });
    wake = () => loops.wake();
    return new Assignment(lanes, loops);
  }

  /** Positions of the partitions, as far as slices have been answered. */
  positions(): readonly (TopicPartition & { readonly nextOffset: number })[] {
    return this.#lanes.map((lane) => ({ ...lane.target, nextOffset: lane.nextOffset }));
  }

  /** When the fetch that has been waiting longest was begun, in milliseconds since 1970. */
  get oldestFetch(): number | undefined {
    return this.#loops.oldestFetch;
  }

  /** The slice that has been waiting longest for its answer. */
  oldestSlice(): { readonly target: TopicPartition; readonly since: number } | undefined {
    let oldest: { readonly target: TopicPartition; readonly since: number } | undefined;
    for (const { target, underWaySince: since } of this.#lanes) {
      if (since !== undefined && (oldest === undefined || since < oldest.since)) oldest = { target, since };
    }
    return oldest;
  }

  /** Hands out nothing new; resolves when the slices under way have been answered. */
  async end(): Promise<void> {
    this.#loops.stop();
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

function positionOf(target: TopicPartition, positions: readonly (TopicPartition & { readonly nextOffset: number })[]): number {
  const position = positions.find((each) => each.topic === target.topic && each.partition === target.partition);
  if (!position) throw new OffsetOutOfRange(`startAt gave no position for ${target.topic}/${target.partition}`);
  return position.nextOffset;
}
