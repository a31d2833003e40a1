import type { Subscription } from '../event-log.ts';
import { OffsetOutOfRange } from '../faults.ts';
import type { TopicPartition } from '../record.ts';
import { Lane } from './lane.ts';
import type { Scheduler } from './scheduler.ts';
import type { StoredPartition } from './stored-partition.ts';

const DEFAULT_MAX_SLICE = 500;

export type MemberState = 'joining' | 'consuming' | 'leaving' | 'left' | 'crashed';

/** One consumption: what a group gave it, and the lanes it works on. */
export class Member {
  readonly subscription: Subscription;
  readonly joined: Promise<void>;
  /** Resolves when it has left for good. */
  readonly ended: Promise<void>;
  readonly #scheduler: Scheduler;
  readonly #leaveGroup: (member: Member) => void;
  #markJoined: () => void = () => {};
  #markEnded: () => void = () => {};
  #state: MemberState = 'joining';
  #assigned: readonly TopicPartition[] = [];
  #lanes: readonly Lane[] = [];
  #taking: Promise<void> = Promise.resolve();

  constructor(subscription: Subscription, scheduler: Scheduler, leaveGroup: (member: Member) => void) {
    this.subscription = subscription;
    this.#scheduler = scheduler;
    this.#leaveGroup = leaveGroup;
    this.joined = new Promise((resolve) => (this.#markJoined = resolve));
    this.ended = new Promise((resolve) => (this.#markEnded = resolve));
  }

  get state(): MemberState {
    return this.#state;
  }

  get assigned(): readonly TopicPartition[] {
    return this.#assigned;
  }

  /** Starts on what a new assignment gave it. Does not wait for `startAt`. */
  take(partitions: readonly StoredPartition[]): void {
    if (!this.#mayWork()) return;
    this.#taking = this.#start(partitions).catch((error: unknown) => {
      this.crash(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** Gives everything back. Resolves when nothing is under way any more. */
  async release(): Promise<void> {
    this.#assigned = [];
    const closing = this.#lanes.map((lane) => lane.close());
    await Promise.all([this.#taking, ...closing]);
    // What came in while `startAt` was under way.
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    this.#lanes = [];
  }

  /** Finishes what is under way, then leaves. Until then nobody else gets its partitions. */
  async leave(): Promise<void> {
    if (this.#mayWork()) this.#state = 'leaving';
    await this.release();
    this.end('left');
  }

  /** Leaves for good, without waiting for what is under way. */
  end(state: 'left' | 'crashed'): boolean {
    if (this.#state === 'left' || this.#state === 'crashed') return false;
    this.#state = state;
    this.#assigned = [];
    for (const lane of this.#lanes) void lane.close();
    this.#leaveGroup(this);
    this.#markJoined();
    this.#markEnded();
    return true;
  }

  crash(error: Error): void {
    if (this.end('crashed')) this.subscription.onCrash(error);
  }

  #mayWork(): boolean {
    return this.#state === 'joining' || this.#state === 'consuming';
  }

  async #start(partitions: readonly StoredPartition[]): Promise<void> {
    const targets = partitions.map((partition) => partition.target);
    this.#assigned = targets;
    const positions = await this.subscription.startAt(targets);
    if (!this.#mayWork()) return;
    const settings = partitions.map((partition) => ({
      partition,
      nextOffset: positionOf(partition, positions),
      maxSlice: this.subscription.maxSlice ?? DEFAULT_MAX_SLICE,
      scheduler: this.#scheduler,
      onSlice: (slice: Parameters<Subscription['onSlice']>[0]) => this.subscription.onSlice(slice),
      onCrash: (error: Error) => this.crash(error),
    }));
    this.#lanes = settings.map((each) => new Lane(each));
    this.#state = 'consuming';
    this.#markJoined();
  }
}

function positionOf(partition: StoredPartition, positions: readonly (TopicPartition & { readonly nextOffset: number })[]): number {
  const { topic, partition: number } = partition.target;
  const position = positions.find((each) => each.topic === topic && each.partition === number);
  if (!position) throw new OffsetOutOfRange(`startAt gave no position for ${topic}/${number}`);
  if (position.nextOffset < 0 || position.nextOffset > partition.next) {
    throw new OffsetOutOfRange(`startAt gave ${position.nextOffset} for ${topic}/${number}, which holds 0 to ${partition.next}`);
  }
  return position.nextOffset;
}
