import type { Slice, SliceAnswer, Subscription } from '../event-log.ts';
import type { LogRecord, TopicPartition } from '../record.ts';

export type Answer = (slice: Slice) => SliceAnswer | Promise<SliceAnswer>;

/** Answers that the slice is done. */
export function goOn(slice: Slice): SliceAnswer {
  return { kind: 'continue', nextOffset: (slice.records.at(-1)?.offset ?? 0) + 1 };
}

/** A subscription that keeps its positions in memory, writes down what it was given, and answers as the test says. */
export class RecordingConsumer {
  readonly slices: Slice[] = [];
  readonly assignments: (readonly TopicPartition[])[] = [];
  readonly crashes: Error[] = [];
  readonly positions: Map<string, number>;
  readonly #inHand = new Map<string, number>();
  mostAtOnceOfOnePartition = 0;
  mostAtOnce = 0;

  /** `positions` may be shared by the members of a group, as their database would be. */
  constructor(positions: Map<string, number> = new Map()) {
    this.positions = positions;
  }

  get records(): readonly LogRecord[] {
    return this.slices.flatMap((slice) => slice.records);
  }

  recordsOf(partition: number): readonly LogRecord[] {
    return this.records.filter((record) => record.partition === partition);
  }

  subscription(group: string, topics: readonly string[], answer: Answer = goOn): Subscription {
    return {
      group,
      topics,
      maxSlice: 10,
      startAt: async (assigned) => {
        this.assignments.push(assigned);
        return assigned.map((target) => ({ ...target, nextOffset: this.positions.get(nameOf(target)) ?? 0 }));
      },
      onSlice: (slice) => this.#onSlice(slice, answer),
      onCrash: (error) => void this.crashes.push(error),
    };
  }

  async #onSlice(slice: Slice, answer: Answer): Promise<SliceAnswer> {
    const name = nameOf(slice);
    this.slices.push(slice);
    this.#inHand.set(name, (this.#inHand.get(name) ?? 0) + 1);
    this.mostAtOnceOfOnePartition = Math.max(this.mostAtOnceOfOnePartition, this.#inHand.get(name) ?? 0);
    this.mostAtOnce = Math.max(this.mostAtOnce, [...this.#inHand.values()].filter((count) => count > 0).length);
    const said = await answer(slice);
    this.#inHand.set(name, (this.#inHand.get(name) ?? 0) - 1);
    if (said.kind !== 'stop') this.positions.set(name, said.nextOffset);
    return said;
  }
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
