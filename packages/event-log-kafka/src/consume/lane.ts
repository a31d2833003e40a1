import type { LogRecord, Slice, SliceAnswer, TopicPartition } from '@instep/event-log';
import type { Turnstile } from './turnstile.ts';

export interface LaneSettings {
  readonly target: TopicPartition;
  readonly nextOffset: number;
  readonly maxSlice: number;
  readonly turnstile: Turnstile;
  onSlice(slice: Slice): Promise<SliceAnswer>;
  /** The lane wants to be fetched again. */
  onHungry(): void;
  onCrash(error: Error): void;
}

/** One assigned partition: what was fetched of it and not yet handed out, and the slice under way. */
export class Lane {
  readonly target: TopicPartition;
  readonly #settings: LaneSettings;
  /** Fetched records from `#head` on are still to be handed out. */
  #records: readonly LogRecord[] = [];
  #head = 0;
  #nextOffset: number;
  #fetchOffset: number;
  #logEnd = 0;
  #state: 'open' | 'paused' | 'stopped' | 'closed' = 'open';
  #underWay: Promise<void> | undefined;
  #underWaySince: number | undefined;
  #pause: NodeJS.Timeout | undefined;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
    this.target = settings.target;
    this.#nextOffset = settings.nextOffset;
    this.#fetchOffset = settings.nextOffset;
  }

  /** Where the consumer goes on after the slices answered so far. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** Where to fetch next. */
  get fetchOffset(): number {
    return this.#fetchOffset;
  }

  /** Since when a slice waits for its answer, in milliseconds since 1970. */
  get underWaySince(): number | undefined {
    return this.#underWaySince;
  }

  /** Less than one slice is held: time to fetch, so that the next is there when this one is done. */
  get hungry(): boolean {
    return this.#state === 'open' && this.#left < this.#settings.maxSlice;
  }

  /** Holds enough and will be hungry soon. */
  get sated(): boolean {
    return this.#state === 'open' && !this.hungry;
  }

  get #left(): number {
    return this.#records.length - this.#head;
  }

  /** Takes what a fetch that began at `askedAt` gave, unless the lane has been told to go elsewhere since. */
  offer(askedAt: number, answer: { readonly records: readonly LogRecord[]; readonly nextOffset: number; readonly logEnd: number }): void {
    if (this.#state === 'closed' || this.#state === 'stopped' || askedAt !== this.#fetchOffset) return;
    this.#logEnd = answer.logEnd;
    this.#fetchOffset = answer.nextOffset;
    if (answer.records.length === 0) return;
    this.#records = this.#left === 0 ? answer.records : [...this.#records.slice(this.#head), ...answer.records];
    this.#head = 0;
    this.#proceed();
  }

  /** Hands out nothing new. Resolves when the slice under way, if any, has been answered. */
  async close(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#pause);
    this.#drop();
    await this.#underWay;
  }

  #proceed(): void {
    if (this.#state !== 'open' || this.#underWay || this.#left === 0) return;
    this.#underWay = this.#handOut().then(() => {
      this.#underWay = undefined;
      if (this.hungry) this.#settings.onHungry();
      this.#proceed();
    });
  }

  async #handOut(): Promise<void> {
    const { turnstile, maxSlice, target } = this.#settings;
    await turnstile.enter();
    try {
      if (this.#state !== 'open') return;
      // Taken after the wait: by now there may be more than there was.
      const records = this.#records.slice(this.#head, this.#head + maxSlice);
      this.#underWaySince = Date.now();
      this.#follow(records, await this.#settings.onSlice({ ...target, records, logEnd: this.#logEnd }));
    } catch (cause) {
      this.#settings.onCrash(new Error(`the slice handler of ${target.topic} rejected; it must answer`, { cause }));
      this.#state = 'stopped';
    } finally {
      this.#underWaySince = undefined;
      turnstile.leave();
    }
  }

  #follow(slice: readonly LogRecord[], answer: SliceAnswer): void {
    if (answer.kind === 'stop') {
      if (this.#state === 'open') this.#state = 'stopped';
      this.#drop();
      return;
    }
    this.#nextOffset = answer.nextOffset;
    if (this.#state !== 'open') return;
    this.#goTo(answer.nextOffset, slice);
    if (answer.kind === 'pause') this.#rest(answer.ms);
  }

  /** Records that are held already are not fetched again. */
  #goTo(offset: number, slice: readonly LogRecord[]): void {
    const last = slice.at(-1);
    if (last && offset === last.offset + 1) {
      this.#head += slice.length;
      if (this.#left === 0) this.#drop();
      return;
    }
    const first = this.#records[this.#head];
    if (first && offset >= first.offset && offset < this.#fetchOffset) {
      while (this.#left > 0 && (this.#records[this.#head]?.offset ?? offset) < offset) this.#head += 1;
      return;
    }
    this.#drop();
    this.#fetchOffset = offset;
  }

  #rest(ms: number): void {
    this.#state = 'paused';
    this.#pause = setTimeout(() => {
      this.#state = 'open';
      if (this.hungry) this.#settings.onHungry();
      this.#proceed();
    }, ms);
  }

  #drop(): void {
    this.#records = [];
    this.#head = 0;
  }
}
