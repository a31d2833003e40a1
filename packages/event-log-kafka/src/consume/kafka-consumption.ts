import { LogUnavailable, type Consumption, type Subscription, type TopicPartition } from '@instep/event-log';
import { asFault } from '../faults.ts';
import { silent, type KafkaLogger, type KafkaLogSettings } from '../settings.ts';
import { sleep } from '../sleep.ts';
import { Assignment } from './assignment.ts';
import { GroupMembership, type Ending } from './group-membership.ts';

const DEFAULTS = { sessionTimeoutMs: 6_000, slicesAtOnce: 4, fetchIntervalMs: 5, joinTimeoutMs: 30_000, stuckAfterMs: 60_000 };
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
  #state: 'joining' | 'consuming' | 'away' | 'ended' = 'joining';
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
    return this.#state === 'consuming' && !this.#stopping.signal.aborted && silentMs < this.#settings.sessionTimeoutMs;
  }

  assigned(): readonly TopicPartition[] {
    return this.#assigned;
  }

  async stop(deadlineMs: number): Promise<void> {
    const stoppedBefore = this.#over;
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
    while (!this.#over) {
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
        if (!this.#over) this.#logger.warn('away from the group, trying again', { group: this.#subscription.group, error: fault.message });
        await this.#disconnect();
        await sleep(backoffMs, this.#stopping.signal);
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.most);
      }
    }
    await this.#depart();
    first.resolve();
  }

  get #over(): boolean {
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
    if (!membership || this.#over) return undefined;
    this.#assigned = assigned;
    try {
      const assignment = await Assignment.start({
        subscription: this.#subscription,
        cluster: membership.cluster,
        assigned,
        slicesAtOnce: this.#settings.slicesAtOnce,
        fetchIntervalMs: this.#settings.fetchIntervalMs,
        logger: this.#logger,
        onCrash: (error) => this.#crash(error),
      });
      this.#assignment = assignment;
      this.#state = 'consuming';
      return assignment;
    } catch (error) {
      this.#crash(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  /** Until members come or go, the connection breaks, or it is stopped. Slices under way are finished before it returns. */
  async #work(assignment: Assignment, ended: Promise<Ending>): Promise<void> {
    const stopped = new Promise<Ending>((resolve) => {
      if (this.#over) resolve({ kind: 'rebalance' });
      this.#stopping.signal.addEventListener('abort', () => resolve({ kind: 'rebalance' }), { once: true });
    });
    const commits = this.#commitRegularly(assignment);
    const ending = await Promise.race([ended, stopped]);
    this.#moved();
    if (!this.#over) this.#state = ending.kind === 'lost' ? 'away' : 'joining';
    await assignment.end();
    commits.abort();
    this.#assigned = [];
    this.#assignment = undefined;
    await this.#commit(assignment);
    if (ending.kind === 'lost') throw ending.cause;
  }

  #commitRegularly(assignment: Assignment): AbortController {
    const until = new AbortController();
    const commitOn = async (): Promise<void> => {
      while (!until.signal.aborted) {
        await sleep(COMMIT_EVERY_MS, until.signal);
        if (!until.signal.aborted) await this.#commit(assignment);
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
    while (!this.#over) {
      await sleep(LOOK_EVERY_MS, this.#stopping.signal);
      if (this.#over) return;
      const now = Date.now();
      const slice = this.#assignment?.oldestSlice();
      if (slice && now - slice.since > stuckAfterMs) {
        this.#crash(new Error(`a slice of ${slice.target.topic}/${slice.target.partition} has had no answer for ${now - slice.since} ms`));
      } else if (now - Math.max(this.#movedAt, this.#assignment?.turnedAt ?? 0) > stuckAfterMs) {
        this.#crash(new Error(`the poll loop of group ${this.#subscription.group} has not turned for ${stuckAfterMs} ms`));
      }
    }
  }

  #moved(): void {
    this.#movedAt = Date.now();
  }

  #crash(error: Error): void {
    if (this.#state === 'ended' || this.#over) return;
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
