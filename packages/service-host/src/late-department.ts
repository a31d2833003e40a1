import type { Department, DepartmentStatus } from '@instep/department';
import { StoreUnavailable } from '@instep/department';

const notYet: DepartmentStatus = {
  running: false,
  consuming: false,
  troubles: [],
  partitions: [],
  outboxRows: 0,
  outboxOldestSeconds: 0,
  parkedKeys: 0,
  parkedRecords: 0,
  counters: {
    eventsApplied: 0,
    eventsSkipped: 0,
    eventsDuplicate: 0,
    eventsParked: 0,
    commandsAccepted: 0,
    commandsRefused: 0,
    eventsRecorded: 0,
    eventsRelayed: 0,
    unitsCommitted: 0,
    unitsRepeated: 0,
  },
};

/** Stands in for the department until it is there: controllers hold it from the beginning, HTTP answers before database and log do. */
export class LateDepartment implements Department {
  #department: Department | undefined;

  arrive(department: Department): void {
    this.#department = department;
  }

  /** Until another arrives it is as in the beginning. */
  leave(): void {
    this.#department = undefined;
  }

  async execute(...request: Parameters<Department['execute']>): ReturnType<Department['execute']> {
    return this.#there().execute(...request);
  }

  async redrive(...asked: Parameters<Department['redrive']>): ReturnType<Department['redrive']> {
    return this.#there().redrive(...asked);
  }

  async rehearse(...asked: Parameters<Department['rehearse']>): ReturnType<Department['rehearse']> {
    return this.#there().rehearse(...asked);
  }

  async start(): Promise<void> {
    await this.#there().start();
  }

  async stop(deadlineMs: number): Promise<void> {
    await this.#department?.stop(deadlineMs);
  }

  status(): DepartmentStatus {
    return this.#department?.status() ?? notYet;
  }

  #there(): Department {
    if (!this.#department) throw new StoreUnavailable('the department is still starting');
    return this.#department;
  }
}
