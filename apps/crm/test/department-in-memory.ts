import { encodeEvent, recordKey, topics } from '@instep/contracts';
import type { Command } from '@instep/decider';
import { createDepartment, inMemoryStore, rebuild, systemClock, systemIds } from '@instep/department';
import type { Department, DepartmentDefinition, IncomingEvent, InMemoryStore } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';

import { onTheWire } from './on-the-wire.ts';

const deadlineMs = 20_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface DepartmentInMemory {
  readonly department: Department;
  execute(command: Command, idempotencyKey: string): ReturnType<Department['execute']>;
  /** Puts an event of another owner into the log. */
  tell(event: IncomingEvent): Promise<void>;
  /** Resolves when a database built from the log alone holds the same; rejects with the difference when that does not come about. */
  sameWhenRebuilt(): Promise<void>;
  rows(table: string): readonly object[];
  stop(): Promise<void>;
}

/** A department on a log and a store in memory. */
export async function departmentInMemory(definition: DepartmentDefinition): Promise<DepartmentInMemory> {
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
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
    department,
    execute: (command, idempotencyKey) =>
      department.execute(command, { tenant: 'demo', actor: 'user/clerk', idempotencyKey, requestHash: idempotencyKey }),
    async tell(event) {
      told += 1;
      const topic = event.type.startsWith('channel-') ? 'channels' : 'orders';
      const key = recordKey(event.tenant, event.subject);
      const partition = await log.partitionFor(topic, key);
      await log.append({ topic, partition }, [
        { key, type: event.type, sequence: undefined, value: Buffer.from(encodeEvent(onTheWire(event))) },
      ]);
    },
    async sameWhenRebuilt() {
      const { counters } = department.status();
      await until('all is applied', () => counters.eventsApplied + counters.eventsSkipped + counters.eventsParked >= told);
      if (counters.eventsParked > 0) throw new Error('an event was parked');
      const rebuilt = inMemoryStore({ tables });
      const building = rebuild({ definition, log, store: rebuilt });
      let difference: string | undefined;
      await until('the rebuilt database is the live one', async () => {
        await building.advance();
        difference = differenceOf(store, rebuilt, names);
        return difference === undefined;
      }).catch(() => {
        throw new Error(difference);
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

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come about: ${what}`);
    await new Promise(setImmediate);
  }
}
