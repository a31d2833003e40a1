import { topics } from '@instep/contracts';
import type { ServiceName } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';

import { Coverage } from './coverage.ts';
import type { Evidence, Invariant, StepInvariant, Violation, WorldResult } from './evidence.ts';
import { FaultInjector } from './faults/fault-injector.ts';
import { noFaults, planFaults } from './faults/fault-plan.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import type { Ground } from './ground.ts';
import { invariants as allInvariants, stepInvariants as allStepInvariants } from './invariants/index.ts';
import { SimulatedBroker } from './log/simulated-broker.ts';
import { Network } from './network/network.ts';
import { departments } from './process/departments.ts';
import { Service } from './process/service.ts';
import { catalog } from './shop/catalog.ts';
import { Channel } from './shop/channel.ts';
import { Gateway } from './shop/gateway.ts';
import { Office, tenant } from './shop/office.ts';
import { Workload } from './shop/workload.ts';
import { random } from './time/random.ts';
import { VirtualTime } from './time/virtual-time.ts';
import { Trace } from './trace.ts';
import { whatIsUnsettled } from './unsettled.ts';

export interface WorldSettings {
  readonly seed: number;
  /** Default: a random part of all faults, drawn from the seed. */
  readonly plan?: FaultPlan;
  /** Orders of the shop. Default 12. */
  readonly orders?: number;
  readonly invariants?: readonly Invariant[];
  readonly stepInvariants?: readonly StepInvariant[];
  /** Keeps the whole trace, not only its end. */
  readonly wholeTrace?: boolean;
}

const beginning = Date.parse('2026-03-02T08:00:00.000Z');
const spanMs = 25_000;
/** From healing on, how long a world may take until nothing is under way. */
const patienceMs = 180_000;
const lookEveryMs = 500;
/** Steps between two looks of the step invariants. */
const stepsBetweenLooks = 400;
/** Nothing new in the log for so long: positions are told after a second of silence, to those who tell theirs in turn. */
const quietMs = 4_000;

/** Runs one world from its beginning to its end, and checks what it promised. The same seed gives the same world. */
export function runWorld(settings: WorldSettings): Promise<WorldResult> {
  return new World(settings).run();
}

class World {
  readonly #settings: WorldSettings;
  readonly #time: VirtualTime;
  readonly #trace: Trace;
  readonly #coverage = new Coverage();
  readonly #ground: Ground;
  readonly #services: ReadonlyMap<ServiceName, Service>;
  readonly #channel: Channel;
  readonly #office: Office;
  readonly #workload: Workload;
  readonly #injector: FaultInjector;
  readonly #violations: Violation[] = [];
  readonly #plan: FaultPlan;
  #over = false;
  #nextLook = stepsBetweenLooks;

  constructor(settings: WorldSettings) {
    this.#settings = settings;
    const seeded = random(String(settings.seed));
    this.#time = new VirtualTime(seeded.split('time'), beginning, (at, tie) => {
      this.#trace.step(at, tie);
    });
    this.#trace = new Trace(() => this.#time.now(), { all: settings.wholeTrace === true });
    this.#plan = settings.plan ?? planFaults(seeded.split('faults'));
    const parts = { time: this.#time, coverage: this.#coverage, trace: this.#trace };
    this.#ground = {
      ...parts,
      random: seeded.split('world'),
      plan: this.#plan,
      network: new Network({ ...parts, random: seeded.split('network') }, this.#plan),
      broker: new SimulatedBroker({ ...parts, random: seeded.split('broker') }),
      delivered: new Map(),
      alarm: (text) => {
        this.#violated('runtime', text);
      },
    };
    const counts = seeded.split('processes');
    this.#services = new Map(
      [...departments].map(([name, definition]) => [name, new Service(this.#ground, definition, counts.chance(0.6) ? 2 : 1)]),
    );
    const gateway = new Gateway(this.#ground, this.#services);
    this.#channel = new Channel(this.#ground, gateway);
    this.#office = new Office(this.#ground, gateway);
    this.#workload = new Workload(this.#ground, this.#channel, this.#office, { orders: settings.orders ?? 12, spanMs });
    this.#injector = new FaultInjector(this.#ground, [...this.#services.values()]);
  }

  async run(): Promise<WorldResult> {
    const stray = (reason: unknown): void => {
      this.#violated(
        'unhandled',
        `a rejection that nobody handled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
      );
    };
    process.on('unhandledRejection', stray);
    try {
      for (const service of this.#services.values()) service.start();
      this.#workload.start();
      this.#injector.start();
      this.#time.after(spanMs + 5_000, () => {
        this.#heal();
      });
      await this.#time.run(() => this.#goOn());
      // A world that ended early has more under way than is worth telling.
      if (this.#violations.length === 0) await this.#checkAll();
    } finally {
      process.off('unhandledRejection', stray);
    }
    return this.#result();
  }

  #goOn(): boolean {
    if (this.#time.steps >= this.#nextLook) {
      this.#nextLook += stepsBetweenLooks;
      this.#checkStep();
    }
    return !this.#over;
  }

  #heal(): void {
    this.#trace.note('faults end');
    this.#injector.stop();
    this.#ground.network.follow(noFaults);
    for (const { database } of this.#services.values()) database.follow(noFaults);
    this.#channel.heal();
    this.#lookForQuiet(this.#time.now() + patienceMs, 0, '');
  }

  /** Over when nothing was under way and nothing new came into the log for a while; stuck when that never happens. */
  #lookForQuiet(deadline: number, since: number, before: string): void {
    this.#time.after(lookEveryMs, () => {
      const { left, ends } = this.#unsettled();
      const now = this.#time.now();
      const quietSince = left.length === 0 && ends === before ? since : now;
      if (now - quietSince >= quietMs) {
        this.#over = true;
      } else if (now > deadline) {
        this.#violated(
          'stuck',
          `not settled ${String(patienceMs / 1_000)} s after the last fault: ${left.slice(0, 5).join('; ') || 'the log does not come to rest'}`,
        );
        this.#over = true;
      } else {
        this.#lookForQuiet(deadline, quietSince, ends);
      }
    });
  }

  #unsettled(): { readonly left: readonly string[]; readonly ends: string } {
    const left = whatIsUnsettled([...this.#services.values()], this.#ground.broker.log);
    if (!this.#workload.done) left.push('people are still at work');
    if (this.#channel.underWay > 0) left.push(`${String(this.#channel.underWay)} webhooks are still to be told`);
    if (this.#office.underWay > 0) left.push(`${String(this.#office.underWay)} requests wait for an answer`);
    return { left, ends: [...this.#records()].map(([name, records]) => `${name}=${String(records.length)}`).join() };
  }

  #records(): ReadonlyMap<string, readonly LogRecord[]> {
    const { log } = this.#ground.broker;
    return new Map(
      Object.values(topics).flatMap(({ name: topic, partitions }) =>
        Array.from({ length: partitions }, (_, partition) => [`${topic}/${String(partition)}`, log.records({ topic, partition })] as const),
      ),
    );
  }

  #evidence(quiet: boolean): Evidence {
    return {
      seed: this.#settings.seed,
      virtualMs: this.#time.now() - beginning,
      tenant,
      quiet,
      log: this.#ground.broker.log,
      records: this.#records(),
      services: new Map(
        [...this.#services].map(([name, { definition, database, processes, restores, foundBehind }]) => [
          name,
          {
            service: name,
            definition,
            store: database.store,
            statuses: processes.filter(({ life }) => !life.dead).map(({ department }) => department.status()),
            restores,
            foundBehind,
          },
        ]),
      ),
      orders: this.#channel.orders(),
      acknowledgedWebhooks: this.#channel.acknowledgedWebhooks,
      poisonedWebhooks: this.#channel.poisonedWebhooks,
      requests: this.#office.requests(),
      items: catalog.map(({ item, plentiful }) => ({ item, plentiful })),
    };
  }

  #checkStep(): void {
    const evidence = this.#evidence(false);
    for (const invariant of this.#settings.stepInvariants ?? allStepInvariants) {
      for (const text of invariant.check(evidence)) this.#violated(invariant.id, text);
    }
    if (this.#violations.length > 0) this.#over = true;
  }

  async #checkAll(): Promise<void> {
    const evidence = this.#evidence(true);
    for (const invariant of this.#settings.invariants ?? allInvariants) {
      for (const text of await invariant.check(evidence)) this.#violated(invariant.id, text);
    }
  }

  #violated(invariant: string, text: string): void {
    this.#trace.note('VIOLATED', invariant);
    this.#violations.push({ invariant, text, virtualMs: this.#time.now() - beginning });
  }

  #countEvents(): void {
    const types: Readonly<Record<string, 'stock ran short' | 'goods taken back' | 'payroll booked'>> = {
      'stock.short': 'stock ran short',
      'stock.restocked': 'goods taken back',
      'payroll.approved': 'payroll booked',
    };
    for (const records of this.#records().values()) {
      for (const { type } of records) {
        const name = type === undefined ? undefined : types[type];
        if (name) this.#coverage.count(name);
      }
    }
  }

  #result(): WorldResult {
    this.#countEvents();
    const services = [...this.#services.values()];
    for (const { database } of services) {
      for (const { code } of database.store.parkedRecords())
        this.#coverage.count(code === 'follows' ? 'record waits behind poison' : 'poison parked');
    }
    for (const { processes } of services) {
      for (const { life, department } of processes) {
        if (!life.dead) this.#coverage.count('duplicate dropped by its number', department.status().counters.eventsDuplicate);
      }
    }
    return {
      seed: this.#settings.seed,
      violations: this.#violations,
      coverage: this.#coverage.counts(),
      crashes: services.reduce((sum, { crashes }) => sum + crashes, 0),
      lostMessages: this.#ground.network.lost,
      virtualMs: this.#time.now() - beginning,
      orders: this.#channel.orders().length,
      steps: this.#time.steps,
      faults: this.#plan.names,
      traceHash: this.#trace.hash,
      trace: this.#trace.lines(),
    };
  }
}
