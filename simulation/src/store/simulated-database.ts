import type { InMemoryStore, Inspection, Loaded, LoadRequest, OutboxLease, UnitOfWork } from '@instep/department';
import { StoreConflict, StoreReplaced, StoreUnavailable } from '@instep/department';

import type { Coverage } from '../coverage.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Server } from '../network/network.ts';
import type { Random } from '../time/random.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import { RowLocks } from './row-locks.ts';

export interface DatabaseParts {
  readonly name: string;
  readonly store: InMemoryStore;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly coverage: Coverage;
}

/** A session that holds the lease of the outbox. */
export interface LeaseSession {
  readonly lease: OutboxLease;
  /** False: the server has ended it. Its client need not know yet. */
  open: boolean;
}

const lockTimeoutMs = 2_000;

/**
 * A database server as PostgreSQL behaves: a commit takes its row locks, draws its outbox ids, and becomes visible some time later; others
 * that want the same rows wait, and give up after two seconds. A restart takes back what was not visible yet and ends every session.
 */
export class SimulatedDatabase implements Server {
  readonly name: string;
  readonly timeoutMs = 5_000;
  store: InMemoryStore;
  up = true;
  incarnation = 1;
  readonly #parts: DatabaseParts;
  #plan: FaultPlan;
  #locks: RowLocks;
  #session: LeaseSession | undefined;
  #newestOutboxId = 0;
  #copy = 1;
  #lastHolder: string | undefined;

  constructor(parts: DatabaseParts, plan: FaultPlan) {
    this.#parts = parts;
    this.#plan = plan;
    this.name = parts.name;
    this.store = parts.store;
    this.#locks = new RowLocks(parts.time);
  }

  unavailable(why: string): Error {
    return new StoreUnavailable(why);
  }

  follow(plan: FaultPlan): void {
    this.#plan = plan;
  }

  /** Commits that have begun and are not visible yet. */
  get underWay(): number {
    return this.#locks.held;
  }

  async inspect(): Promise<Inspection> {
    const { ledger } = await this.store.inspect();
    return { incarnation: this.#name, ledger };
  }

  async load(request: LoadRequest): Promise<Loaded> {
    this.#meet(request.incarnation);
    return await this.store.load({ ...request, incarnation: undefined });
  }

  /** A copy of the data is another one after each restart of the server: nobody can know what was done to it meanwhile. */
  get #name(): string {
    return `copy ${String(this.#copy)}, start ${String(this.incarnation)}`;
  }

  #meet(wanted: string | undefined): void {
    if (wanted !== undefined && wanted !== this.#name) throw new StoreReplaced(`this is the database ${this.#name}, not ${wanted}`);
  }

  async commit(unit: UnitOfWork): Promise<void> {
    const { coverage, time, random } = this.#parts;
    const { store, incarnation } = this;
    this.#meet(unit.incarnation);
    const lock = await this.#locks.take(namesOf(unit), lockTimeoutMs, () => {
      coverage.count('lock waited for');
    });
    if (!lock) {
      coverage.count('lock time-out');
      throw new StoreUnavailable('canceling statement due to lock timeout');
    }
    try {
      const ids = store.drawOutboxIds(unit.outbox.length);
      const ms = random.chance(this.#plan.slowCommit) ? random.between(20, 4_000) : 1 + random.next() * 3;
      await new Promise<void>((resolve) => time.after(ms, resolve));
      if (this.incarnation !== incarnation) throw new StoreUnavailable('the server was restarted');
      await store.commitWith({ ...unit, incarnation: undefined }, ids);
      const [first] = ids;
      if (first !== undefined && first < this.#newestOutboxId) coverage.count('outbox row visible out of order');
      this.#newestOutboxId = Math.max(this.#newestOutboxId, ...ids);
    } catch (error) {
      if (error instanceof StoreConflict)
        coverage.count(error.message.startsWith('position') ? 'zombie fenced by its position' : 'stream changed meanwhile');
      throw error;
    } finally {
      lock.release();
    }
  }

  async lease(client: string): Promise<LeaseSession | undefined> {
    const lease = await this.store.outbox.lease();
    if (!lease) return undefined;
    if (this.#lastHolder !== undefined && this.#lastHolder !== client) this.#parts.coverage.count('standby took over');
    this.#lastHolder = client;
    this.#session = { lease, open: true };
    return this.#session;
  }

  /** A pooler between client and server keeps a question for a while, and the session that it belongs to is lost meanwhile. */
  async holdBack(): Promise<void> {
    const { random, time } = this.#parts;
    if (!random.chance(this.#plan.numbersHeldBack)) return;
    this.cutLease();
    await time.sleep(random.between(1_200, 4_500));
  }

  /** The client is gone, or gave its session up. */
  async endSession(session: LeaseSession): Promise<void> {
    session.open = false;
    if (this.#session === session) this.#session = undefined;
    await session.lease.release();
  }

  /** The server ends the session that holds the lease. Its client learns it from its next call, or from the network some time later. */
  cutLease(): boolean {
    if (!this.#session) return false;
    this.#session.open = false;
    this.#session = undefined;
    this.store.loseLease();
    this.#parts.coverage.count('lease lost');
    return true;
  }

  goDown(): void {
    this.up = false;
    this.incarnation += 1;
    this.#locks = new RowLocks(this.#parts.time);
    this.cutLease();
  }

  comeUp(): void {
    this.up = true;
  }

  /** Puts another database in the place of this one; only while it is down. */
  replace(store: InMemoryStore): void {
    this.store = store;
    this.#copy += 1;
    this.#newestOutboxId = 0;
  }
}

/** What a commit locks, in PostgreSQL by updating it or by inserting its key. Rows of views are left to the comparison of versions. */
function namesOf({ consumer, positions, streams, requests, redriven }: UnitOfWork): readonly string[] {
  return [
    ...positions.map(({ from }) => `position ${consumer} ${from.topic}/${String(from.partition)}`),
    ...streams.map(({ tenant, stream, id }) => `stream ${tenant} ${stream} ${id}`),
    ...requests.map(({ tenant, key }) => `request ${tenant} ${key}`),
    ...redriven.map(({ topic, key, n }) => `parked ${topic} ${key} ${String(n)}`),
  ];
}
