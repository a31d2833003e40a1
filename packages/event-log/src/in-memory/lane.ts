import type { Slice, SliceAnswer } from '../event-log.ts';
import type { Scheduler } from './scheduler.ts';
import type { StoredPartition } from './stored-partition.ts';

export interface LaneSettings {
  readonly partition: StoredPartition;
  readonly nextOffset: number;
  readonly maxSlice: number;
  readonly scheduler: Scheduler;
  onSlice(slice: Slice): Promise<SliceAnswer>;
  onCrash(error: Error): void;
}

/** One partition in the hands of one member, for as long as an assignment lasts. Hands out one slice at a time. */
export class Lane {
  readonly #settings: LaneSettings;
  readonly #stopListening: () => void;
  #nextOffset: number;
  #closed = false;
  #held = false;
  #underWay: Promise<void> | undefined;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
    this.#nextOffset = settings.nextOffset;
    this.#stopListening = settings.partition.onAppend(() => this.#wake());
    this.#wake();
  }

  /** Hands out nothing new. Resolves when the slice under way, if any, has been answered. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await this.#underWay;
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #wake(): void {
    if (this.#closed || this.#held || this.#underWay || this.#nextOffset >= this.#settings.partition.next) return;
    this.#underWay = new Promise<void>((done) => {
      this.#settings.scheduler.soon(() => void this.#handOut().then(done));
    }).then(() => {
      this.#underWay = undefined;
      this.#wake();
    });
  }

  async #handOut(): Promise<void> {
    if (this.#isClosed()) return;
    const { partition, maxSlice } = this.#settings;
    const records = partition.slice(this.#nextOffset, this.#nextOffset + maxSlice);
    try {
      this.#follow(await this.#settings.onSlice({ ...partition.target, records, logEnd: partition.next }));
    } catch (cause) {
      if (!this.#isClosed()) this.#settings.onCrash(new Error('a slice handler rejected; it must answer', { cause }));
    }
  }

  #follow(answer: SliceAnswer): void {
    if (answer.kind === 'stop') {
      this.#held = true;
      return;
    }
    this.#nextOffset = answer.nextOffset;
    if (answer.kind === 'continue') return;
    this.#held = true;
    this.#settings.scheduler.after(answer.ms, () => {
      this.#held = false;
      this.#wake();
    });
  }
}
