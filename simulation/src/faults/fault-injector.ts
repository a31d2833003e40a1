import type { Ground } from '../ground.ts';
import { sessionMs } from '../log/simulated-log.ts';
import type { Service } from '../process/service.ts';
import type { ServiceProcess } from '../process/service-process.ts';

/** Lets happen what the plan of a world has, at random moments, until healed. A fault is one method here and one line in the plan. */
export class FaultInjector {
  readonly #ground: Ground;
  readonly #services: readonly Service[];
  #active = true;

  constructor(ground: Ground, services: readonly Service[]) {
    this.#ground = ground;
    this.#services = services;
  }

  start(): void {
    const { plan } = this.#ground;
    this.#every(plan.killEveryMs, () => {
      this.#onAny((process) => {
        this.#ground.trace.note('kill -9', process.name);
        process.life.kill();
      });
    });
    this.#every(plan.pauseEveryMs, () => {
      this.#onAny((process) => {
        this.#pause(process);
      });
    });
    this.#every(plan.rebalanceEveryMs, () => {
      this.#onAny((process) => {
        if (process.serving) process.expel();
      });
    });
    this.#every(plan.databaseRestartEveryMs, () => {
      this.#restartDatabase();
    });
    this.#every(plan.leaderChangeEveryMs, () => {
      this.#changeLeaders();
    });
    this.#every(plan.leaseCutEveryMs, () => {
      const { database } = this.#ground.random.pick(this.#services);
      if (database.cutLease()) this.#ground.trace.note('lease cut', database.name);
    });
    this.#every(plan.rollingRestartEveryMs, () => void this.#rollingRestart());
    this.#every(plan.restoreEveryMs && plan.restoreEveryMs / 3, () => {
      this.#ground.random.pick(this.#services).backUp();
    });
    this.#every(plan.restoreEveryMs, () => void this.#ground.random.pick(this.#services).restore());
  }

  /** From now on nothing new happens; what is broken mends as it would. */
  stop(): void {
    this.#active = false;
    for (const { processes } of this.#services) for (const { life } of processes) life.resume();
  }

  /** Again and again after a random time with this mean. */
  #every(meanMs: number | undefined, happen: () => void): void {
    if (meanMs === undefined) return;
    const { time, random } = this.#ground;
    const next = (): void => {
      time.after(-Math.log(1 - random.next()) * meanMs, () => {
        if (!this.#active) return;
        happen();
        next();
      });
    };
    next();
  }

  #onAny(happen: (process: ServiceProcess) => void): void {
    const { random } = this.#ground;
    const { processes } = random.pick(this.#services);
    const process = processes[random.below(processes.length)];
    if (process && !process.life.dead) happen(process);
  }

  #pause(process: ServiceProcess): void {
    const { time, random, trace } = this.#ground;
    const { life, name } = process;
    const ms = random.between(300, 14_000);
    trace.note('paused', name, ms);
    life.pause();
    time.after(sessionMs, () => {
      if (life.paused) process.expel();
    });
    time.after(ms, () => {
      if (!life.paused) return;
      trace.note('resumed', name);
      life.resume();
    });
  }

  #restartDatabase(): void {
    const { time, random, trace, coverage } = this.#ground;
    const { database } = random.pick(this.#services);
    if (!database.up) return;
    trace.note('goes down', database.name);
    coverage.count('database restarted');
    database.goDown();
    const { incarnation } = database;
    time.after(random.between(100, 5_000), () => {
      if (database.incarnation === incarnation) database.comeUp();
    });
  }

  #changeLeaders(): void {
    const { time, random, trace, coverage, broker } = this.#ground;
    trace.note('leaders change');
    coverage.count('leader changed');
    broker.loseLeaders();
    time.after(random.between(50, 4_000), () => {
      broker.electLeaders();
    });
  }

  async #rollingRestart(): Promise<void> {
    const service = this.#ground.random.pick(this.#services);
    for (const process of service.processes) {
      await service.restart(process);
      await this.#ground.time.sleep(this.#ground.random.between(500, 4_000));
    }
  }
}
