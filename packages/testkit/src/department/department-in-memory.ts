import type { Command } from '@instep/decider';
import { createDepartment, inMemoryStore, rebuild, systemClock, systemIds } from '@instep/department';
import type { Department, DepartmentDefinition, IncomingEvent, InMemoryStore } from '@instep/department';

import { applied } from './applied.ts';
import { toldLog } from './told-log.ts';
import { until } from './until.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface DepartmentInMemory {
  execute(command: Command, idempotencyKey: string): ReturnType<Department['execute']>;
  /** Puts an event of another owner into the log. */
  tell(event: IncomingEvent): Promise<void>;
  /** Resolves when a database built from the log alone holds the same; rejects with the difference when that does not come about. */
  sameWhenRebuilt(): Promise<void>;
  rows(table: string): readonly object[];
  stop(): Promise<void>;
}

/** A department on a log and a store in memory, running. */
export async function departmentInMemory(definition: DepartmentDefinition): Promise<DepartmentInMemory> {
  const { log, tell } = toldLog();
  const tables = definition.projections.map(({ table }) => table as never);
  const store = inMemoryStore({ tables });
  const department = createDepartment({
    definition,
    log,
    store,
    clock: systemClock,
    ids: systemIds,
    runtimeLog: silent,
    onCrash: () => undefined,
  });
  await department.start();
  let told = 0;

  const names = definition.projections.map(({ table }) => table.name);
  return {
    execute: (command, idempotencyKey) =>
      department.execute(command, { tenant: 'demo', actor: 'user/clerk', idempotencyKey, requestHash: idempotencyKey }),
    async tell(event) {
      told += 1;
      await tell(event);
    },
    async sameWhenRebuilt() {
      await applied(department, told);
      const rebuilt = inMemoryStore({ tables });
      const building = rebuild({ definition, log, store: rebuilt });
      let difference: string | undefined;
      await until('the rebuilt database is the live one', async () => {
        await building.advance();
        difference = differenceOf(store, rebuilt, names);
        return difference === undefined;
      }).catch((cause: unknown) => {
        throw new Error(difference, { cause });
      });
    },
    rows: (table) => store.rows(table),
    stop: async () => {
      await department.stop(1_000);
      await log.close();
    },
  };
}

function differenceOf(live: InMemoryStore, rebuilt: InMemoryStore, tables: readonly string[]): string | undefined {
  const streams = (store: InMemoryStore) =>
    store
      .streams()
      .filter(({ stream }) => stream !== 'position')
      .map((stream) => JSON.stringify(stream))
      .sort();
  const rows = (store: InMemoryStore, table: string) =>
    store
      .rows(table)
      .map((row) => JSON.stringify(Object.entries(row).sort()))
      .sort();
  const parts = [{ name: 'streams', of: streams }, ...tables.map((name) => ({ name, of: (store: InMemoryStore) => rows(store, name) }))];
  for (const { name, of } of parts) {
    const [is, should] = [of(rebuilt), of(live)];
    const at = should.findIndex((line, index) => line !== is[index]);
    if (at >= 0 || is.length !== should.length)
      return `${name}: ${String(is.length)} rebuilt, ${String(should.length)} live; ${is[at] ?? 'none'} is not ${should[at] ?? 'there'}`;
  }
  return undefined;
}
