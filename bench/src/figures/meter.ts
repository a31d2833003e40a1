import type { System } from '@instep/platform';
import type pg from 'pg';

import { cpuSeconds, mainThreadSeconds, peakMemoryMb, sharedOutMemoryMb, treeOf } from './process-figures.ts';

/** CPU seconds so far: by process, and of PostgreSQL by who its sessions work for. */
export interface CpuSnapshot {
  readonly processes: ReadonlyMap<string, number>;
  readonly postgres: ReadonlyMap<string, number>;
  /** Of the services, without their threads for compiling and collecting garbage. */
  readonly mainThreads: ReadonlyMap<string, number>;
}

const sampleEveryMs = 1_000;

/** What each process of the system costs. */
export class Meter {
  readonly #system: System;
  readonly #sql: pg.Pool;
  readonly #others: ReadonlyMap<string, number>;
  readonly #timer: NodeJS.Timeout;
  #postgresPeakMb = 0;

  /** `sql` reaches the server of the system; `others` are processes to be measured as well, by name. */
  constructor(system: System, sql: pg.Pool, others: ReadonlyMap<string, number>) {
    this.#system = system;
    this.#sql = sql;
    this.#others = others;
    this.#timer = setInterval(() => {
      const server = this.#pidOf('PostgreSQL');
      if (server !== undefined) this.#postgresPeakMb = Math.max(this.#postgresPeakMb, sharedOutMemoryMb(treeOf(server)));
    }, sampleEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async snapshot(): Promise<CpuSnapshot> {
    const sessions = await this.#sql.query<{ pid: number; worksFor: string }>(
      'SELECT pid, coalesce(datname, backend_type) AS "worksFor" FROM pg_stat_activity',
    );
    const postgres = new Map<string, number>();
    for (const { pid, worksFor } of sessions.rows) {
      const used = cpuSeconds(pid);
      if (!Number.isNaN(used)) postgres.set(worksFor, (postgres.get(worksFor) ?? 0) + used);
    }
    const processes = new Map(this.#measured().map(([name, pid]) => [name, name === 'PostgreSQL' ? sum(treeOf(pid)) : cpuSeconds(pid)]));
    const mainThreads = new Map(this.#system.services.map(({ name, pid }) => [name, mainThreadSeconds(pid)]));
    return { processes, postgres, mainThreads };
  }

  /** Highest so far in MB, by name of the process. */
  peakMemory(): ReadonlyMap<string, number> {
    return new Map(this.#measured().map(([name, pid]) => [name, name === 'PostgreSQL' ? this.#postgresPeakMb : peakMemoryMb(pid)]));
  }

  #measured(): readonly (readonly [string, number])[] {
    const { platform, services } = this.#system;
    return [
      ...this.#others,
      ...platform.parts.map(({ name, pid }) => [name, pid] as const),
      ...services.map(({ name, pid }) => [name, pid] as const),
    ];
  }

  #pidOf(part: string): number | undefined {
    return this.#system.platform.parts.find(({ name }) => name === part)?.pid;
  }
}

function sum(pids: readonly number[]): number {
  return pids.reduce((total, pid) => total + (cpuSeconds(pid) || 0), 0);
}

/** CPU seconds between two snapshots, by name. */
export function used(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));
}
