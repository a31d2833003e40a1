import type { ServiceName } from '@instep/contracts';
import type { DepartmentDefinition, InMemoryStore } from '@instep/department';
import { catchUp, inMemoryStore } from '@instep/department';

import type { Ground } from '../ground.ts';
import { SimulatedDatabase } from '../store/simulated-database.ts';
import { idsOf } from './process-ports.ts';
import { ServiceProcess } from './service-process.ts';

const gracefulMs = 8_000;

/** All processes of one service, the database they share, and the supervisor that starts a new process for one that ended. */
export class Service {
  readonly name: ServiceName;
  readonly definition: DepartmentDefinition;
  readonly database: SimulatedDatabase;
  readonly #ground: Ground;
  readonly #slots: (ServiceProcess | undefined)[];
  readonly #starts: number[];
  #backup: InMemoryStore | undefined;
  #held = false;
  restores = 0;
  /** How often a process found the database to be behind the log. */
  foundBehind = 0;
  crashes = 0;

  constructor(ground: Ground, definition: DepartmentDefinition, processes: number) {
    this.#ground = ground;
    this.name = definition.service;
    this.definition = definition;
    const { time, coverage } = ground;
    this.database = new SimulatedDatabase(
      { name: `database of ${this.name}`, store: this.#emptyStore(), time, coverage, random: ground.random.split(`database ${this.name}`) },
      ground.plan,
    );
    this.#slots = Array.from({ length: processes }, () => undefined);
    this.#starts = Array.from({ length: processes }, () => 0);
  }

  start(): void {
    for (const slot of this.#slots.keys()) this.#startIn(slot);
  }

  get processes(): readonly ServiceProcess[] {
    return this.#slots.flatMap((process) => (process ? [process] : []));
  }

  /** Those that a load balancer sends requests to: it does not know yet which of them is paused. */
  get serving(): readonly ServiceProcess[] {
    return this.processes.filter((process) => process.serving);
  }

  get allUp(): boolean {
    return this.#slots.every((process) => process?.state === 'up' && !process.life.paused && process.department.status().consuming);
  }

  /** SIGTERM, and a new process when the old one has ended. */
  async restart(process: ServiceProcess): Promise<void> {
    if (process.state !== 'up' || process.life.paused) return;
    process.state = 'stopping';
    this.#ground.trace.note('stops', process.name);
    const ended = process.department.stop(gracefulMs);
    // A process that does not end is killed.
    const { time, coverage } = this.#ground;
    await Promise.race([ended.then(() => coverage.count('graceful stop')), time.sleep(gracefulMs + 2_000)]);
    process.life.kill();
  }

  backUp(): void {
    this.#backup = this.database.store.copy();
  }

  /**
   * Puts the last backup in the place of the database, as after a disk was lost: with every process ended before, or under their feet. Not
   * when the answer to a request would go with it: what was answered and not yet told to the log, no log can bring back.
   */
  async restore(): Promise<boolean> {
    const { time, trace, coverage, random } = this.#ground;
    const backup = this.#backup;
    if (!backup || this.#held || !this.database.up) return false;
    const ended = random.chance(0.5);
    if (ended) this.#endAll();
    this.database.goDown();
    // What the killed processes had on the wire has arrived or is lost by then.
    await time.sleep(ended ? random.between(10_000, 15_000) : random.between(200, 4_000));
    const unsent = this.database.store.outboxRows();
    const mayBe = unsent.every(({ value }) => !isRequested(value));
    if (mayBe) {
      coverage.count('unsent event lost by a restore', unsent.length);
      trace.note('restored', this.name, ended ? 'with its processes ended' : 'under its processes');
      coverage.count('database restored');
      this.restores += 1;
      this.database.replace(backup.copy());
    }
    this.database.comeUp();
    if (ended) this.#startAll();
    return mayBe;
  }

  #endAll(): void {
    this.#held = true;
    for (const process of this.processes) process.life.kill();
  }

  #startAll(): void {
    this.#held = false;
    for (const slot of this.#slots.keys()) this.#startIn(slot);
  }

  #startIn(slot: number): void {
    const number = (this.#starts[slot] ?? 0) + 1;
    this.#starts[slot] = number;
    const name = `${this.name}-${String(slot + 1)}.${String(number)}`;
    const { trace, time, random } = this.#ground;
    const process = new ServiceProcess(name, this.#ground, this.definition, this.database, (error) => {
      trace.note('ends itself', name, error.message);
      process.life.kill();
    });
    this.#slots[slot] = process;
    trace.note('starts', name);
    process.life.onDeath(() => {
      trace.note('ended', name);
      this.crashes += 1;
      if (this.#held) return;
      time.after(random.between(200, 3_000), () => {
        if (!this.#held && this.#slots[slot] === process) this.#startIn(slot);
      });
    });
    process.department.start().then(
      () => {
        if (process.state === 'starting') process.state = 'up';
      },
      (error: unknown) => void this.#couldNotStart(process, error as Error & { code?: string }),
    );
  }

  async #couldNotStart(process: ServiceProcess, error: Error & { readonly code?: string }): Promise<void> {
    this.#ground.trace.note('could not start', process.name, error.message);
    if (error.code === 'relay/database-behind-log' && !this.#held) await this.#catchUp();
    process.life.kill();
  }

  /** Builds the database anew from the log, while no process of the service runs. */
  async #catchUp(): Promise<void> {
    const { coverage, trace, broker, time, random } = this.#ground;
    coverage.count('database found behind the log');
    this.foundBehind += 1;
    this.#endAll();
    // A session of an ended process may hold the lease of the outbox for a while.
    await time.sleep(10_000);
    this.database.goDown();
    const fresh = this.#emptyStore();
    const clock = { now: () => time.now(), sleep: (ms: number, signal?: AbortSignal) => time.sleep(ms, signal) };
    const ids = idsOf(clock, random.split(`catch-up of ${this.name} ${String(this.restores)}`));
    const restored = this.database.store;
    const { carriedOver, missing } = await catchUp({ definition: this.definition, log: broker.log, restored, fresh, clock, ids });
    trace.note('caught up', this.name, carriedOver, missing);
    this.database.replace(fresh);
    this.database.comeUp();
    this.#startAll();
  }

  #emptyStore(): InMemoryStore {
    const { time } = this.#ground;
    return inMemoryStore({ tables: this.definition.projections.map(({ table }) => table), now: () => time.now() });
  }
}

/** Whether somebody's request led to this event, and was answered with it. */
function isRequested(value: string): boolean {
  return (JSON.parse(value) as { readonly causationid: string }).causationid.startsWith('request/');
}
