import { LogUnavailable, partitionName, type Consumption, type Subscription, type TopicPartition } from '@instep/event-log';
import { asFault } from '../faults.ts';
import { silent, type KafkaLogger, type KafkaLogSettings } from '../settings.ts';
import { sleep } from '../sleep.ts';
import { Assignment } from './assignment.ts';
import { GroupMembership, type Ending } from './group-membership.ts';

const DEFAULTS = {
  sessionTimeoutMs: 6_000,
  slicesAtOnce: 4,
  fetchIntervalMs: 5,
  joinTimeoutMs: 30_000,
  stuckAfterMs: 180_000,
  goneAfterMs: 30_000,
};
const COMMIT_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 2_000;
const BACKOFF_MS = { first: 250, most: 5_000 };

/**
 * One member of a group for as long as it is wanted. A broker that is away does not end it: it connects and joins anew until it is stopped.
 * What ends it (`onCrash`): `startAt` or `onSlice` rejected, a position that the log does not hold, a slice or poll loop that is stuck.
 */
export class KafkaConsumption implements Consumption {
  readonly #subscription: Subscription;
  readonly #settings: KafkaLogSettings & typeof DEFAULTS;
  readonly #logger: KafkaLogger;
  readonly #living: Set<KafkaConsumption>;
  readonly #stopping = new AbortController();
  #membership: GroupMembership | undefined;
  #assignment: Assignment | undefined;
  #assigned: readonly TopicPartition[] = [];
  #state: 'joining' | 'consuming' | 'rejoining' | 'away' | 'ended' = 'joining';
  #life: Promise<void> = Promise.resolve();
  /** Last sign that connecting, joining or draining goes on. */
  #movedAt = Date.now();

  private constructor(subscription: Subscription, settings: KafkaLogSettings, living: Set<KafkaConsumption>) {
    this.#subscription = subscription;
    this.#settings = { ...DEFAULTS, ...settings };
    this.#logger = settings.logger ?? silent;
    this.#living = living;
    living.add(this);
  }

  /**
   * Resolves when the member has joined and `startAt` was answered (or ended it). Rejects when it could not join in time.
   * It is in `living` from now until it has ended.
   */
  static async join(subscription: Subscription, settings: KafkaLogSettings, living: Set<KafkaConsumption>): Promise<KafkaConsumption> {
    const consumption = new KafkaConsumption(subscription, settings, living);
    await consumption.#begin();
    return consumption;
  }

  healthy(): boolean {
    const silentMs = Date.now() - (this.#membership?.beatAt ?? 0);
    const working = this.#state === 'consuming' || this.#state === 'rejoining';
    return working && !this.#isOver() && silentMs < this.#settings.sessionTimeoutMs;
  }

  assigned(): readonly TopicPartition[] {
    return this.#assigned;
  }

  async stop(deadlineMs: number): Promise<void> {
    const stoppedBefore = this.#isOver();
    this.#stopping.abort();
    const inTime = new AbortController();
    const late = sleep(deadlineMs, inTime.signal).then(() => 'late' as const);
    const outcome = await Promise.race([this.#life, late]);
    inTime.abort();
    if (outcome === 'late' && !stoppedBefore) {
      this.#logger.warn('stopped without waiting for slices under way', { group: this.#subscription.group });
      // The group learns it all the same; positions guard against what the late slice still does.
      void this.#depart();
    }
    this.#end();
  }

  async #begin(): Promise<void> {
    const deadline = Date.now() + this.#settings.joinTimeoutMs;
    const joined = new Promise<void>((resolve, reject) => {
      this.#life = this.#live({ deadline, resolve, reject }).catch((error: unknown) => {
        this.#crash(new Error('the consumption ended by a defect', { cause: error }));
      });
    });
    void this.#watch();
    await joined;
  }

  /** Connect, join, work until the assignment ends; again, until stopped or crashed. */
  async #live(first: { readonly deadline: number; resolve(): void; reject(error: Error): void }): Promise<void> {
    let backoffMs = BACKOFF_MS.first;
    let joinedOnce = false;
    while (!this.#isOver()) {
      try {
        this.#moved();
        const { assigned, ended } = await this.#join();
        this.#moved();
        const assignment = await this.#start(assigned);
        joinedOnce = true;
        first.resolve();
        backoffMs = BACKOFF_MS.first;
        if (assignment) await this.#work(assignment, ended);
      } catch (cause) {
        const fault = asFault(`group ${this.#subscription.group}`, cause);
        if (!joinedOnce && (!(fault instanceof LogUnavailable) || Date.now() > first.deadline)) {
          await this.#disconnect();
          this.#end();
          first.reject(fault);
          return;
        }
        if (!this.#isOver())
          this.#logger.warn('away from the group, trying again', { group: this.#subscription.group, error: fault.message });
        await this.#disconnect();
        await sleep(backoffMs, this.#stopping.signal);
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.most);
      }
    }
    await this.#depart();
    first.resolve();
  }

  #isOver(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #join(): Promise<{ readonly assigned: readonly TopicPartition[]; readonly ended: Promise<Ending> }> {
    const { group, topics } = this.#subscription;
    const memberId = this.#lastMemberId;
    this.#membership ??= await GroupMembership.connect({
      connection: this.#settings,
      group,
      topics,
      sessionTimeoutMs: this.#settings.sessionTimeoutMs,
      memberId,
    });
    const joined = await this.#membership.join();
    this.#lastMemberId = this.#membership.memberId;
    return joined;
  }

  #lastMemberId: string | null = null;

  /** Undefined when the consumer's answer ended the consumption. */
  async #start(assigned: readonly TopicPartition[]): Promise<Assignment | undefined> {
    const membership = this.#membership;
    if (!membership || this.#isOver()) return undefined;
    this.#assigned = assigned;
    try {
      const assignment = await Assignment.start({
        subscription: this.#subscription,
        cluster: membership.cluster,
        assigned,
        slicesAtOnce: this.#settings.slicesAtOnce,
        fetchIntervalMs: this.#settings.fetchIntervalMs,
        goneAfterMs: this.#settings.goneAfterMs,
        logger: this.#logger,
        onCrash: (error) => this.#crash(error),
      });
      this.#assignment = assignment;
      this.#state = 'consuming';
      this.#logger.info('partitions assigned', { group: this.#subscription.group, assigned: assigned.map(partitionName) });
      return assignment;
    } catch (error) {
      this.#crash(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  /** Until members come or go, the connection breaks, or it is stopped. Slices under way are finished before it returns. */
  async #work(assignment: Assignment, ended: Promise<Ending>): Promise<void> {
    const stopped = new Promise<Ending>((resolve) => {
      if (this.#isOver()) resolve({ kind: 'rebalance' });
      this.#stopping.signal.addEventListener('abort', () => resolve({ kind: 'rebalance' }), { once: true });
    });
    const commits = this.#commitRegularly(assignment);
    const ending = await Promise.race([ended, stopped]);
    this.#moved();
    if (!this.#isOver()) this.#state = ending.kind === 'lost' ? 'away' : 'rejoining';
    commits.abort();
    await assignment.end();
    this.#assigned = [];
    this.#assignment = undefined;
    if (ending.kind === 'lost') throw ending.cause;
    await this.#commit(assignment);
  }

  #commitRegularly(assignment: Assignment): AbortController {
    const until = new AbortController();
    const over = (): boolean => until.signal.aborted;
    const commitOn = async (): Promise<void> => {
      for (;;) {
        await sleep(COMMIT_EVERY_MS, until.signal);
        if (over()) return;
        await this.#commit(assignment);
      }
    };
    void commitOn();
    return until;
  }

  async #commit(assignment: Assignment): Promise<void> {
    // Nothing depends on it: the next one says the same.
    await this.#membership?.commit(assignment.positions()).catch(() => {});
  }

  async #disconnect(): Promise<void> {
    const membership = this.#membership;
    this.#membership = undefined;
    await membership?.close();
  }

  async #depart(): Promise<void> {
    const membership = this.#membership;
    this.#membership = undefined;
    await membership?.leave().catch(() => {});
    await membership?.close();
  }

  /** Looks from outside whether things move, and ends the consumption where they do not: somebody else may then have the partitions. */
  async #watch(): Promise<void> {
    const { stuckAfterMs } = this.#settings;
    while (!this.#isOver()) {
      await sleep(LOOK_EVERY_MS, this.#stopping.signal);
      const stuck = this.#stuckSince();
      if (stuck && Date.now() - stuck.since > stuckAfterMs) this.#crash(new Error(`${stuck.what} for more than ${stuckAfterMs} ms`));
    }
  }

  #stuckSince(): { readonly what: string; readonly since: number } | undefined {
    const { group } = this.#subscription;
    if (!this.#assignment) return { what: `group ${group}: connecting, joining or startAt has not moved`, since: this.#movedAt };
    const slice = this.#assignment.oldestSlice();
    const fetch = this.#assignment.oldestFetch;
    if (slice && (fetch === undefined || slice.since < fetch)) {
      return { what: `a slice of ${slice.target.topic}/${slice.target.partition} has had no answer`, since: slice.since };
    }
    return fetch === undefined ? undefined : { what: `group ${group}: a fetch has had no answer`, since: fetch };
  }

  #moved(): void {
    this.#movedAt = Date.now();
  }

  #crash(error: Error): void {
    if (this.#state === 'ended' || this.#isOver()) return;
    this.#end();
    // A slice that does not answer must not keep the partitions from others.
    void this.#depart();
    this.#subscription.onCrash(error);
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#stopping.abort();
    this.#assigned = [];
    this.#living.delete(this);
  }
}
