import type { Command } from '@instep/decider';
import type { LogRecord } from '@instep/event-log';

import type { Outcome, RequestContext } from './department.ts';
import type { DepartmentDefinition } from './department-definition.ts';
import { indexDepartment } from './department-index.ts';
import type { Clock, Ids } from './ports.ts';
import type { OutboxLease, OutboxRow, Store } from './store.ts';
import { runUnit, type UnitInput, type UnitResult } from './unit-of-work.ts';

export interface DepartmentOnStoreParts {
  readonly definition: DepartmentDefinition;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * A department without a log: it is handed one input at a time and decides as the running one does; what it records lies in its outbox until
 * somebody takes it. Nothing here can send. For what was not, such as history decided once more by other rules.
 */
export interface DepartmentOnStore {
  /**
   * Applies one record, the next of its partition. `parkedAs`: it is parked for this reason, whatever it is, since another code could not
   * apply it. Throws when a record before it is missing.
   */
  apply(record: LogRecord, parkedAs?: { readonly code: string; readonly reason: string }): Promise<{ readonly parked: boolean }>;
  execute(command: Command, request: RequestContext): Promise<Outcome>;
  /** Applies the record that waits first under this key once more, with other bytes if given. Whether it could be applied. */
  redrive(topic: string, key: string, mended?: { readonly value: Buffer; readonly note: string }): Promise<boolean>;
  /** What was recorded since this was asked last, in the order of recording. */
  takeRecorded(): Promise<readonly OutboxRow[]>;
}

const everything = Number.MAX_SAFE_INTEGER;

export function departmentOnStore({ definition, ...ports }: DepartmentOnStoreParts): DepartmentOnStore {
  const parts = { ...ports, index: indexDepartment(definition) };
  let lease: Promise<OutboxLease | undefined> | undefined;
  let taken: readonly number[] = [];
  const run = (input: Partial<UnitInput>): Promise<UnitResult> => runUnit(parts, { slices: [], requests: [], ...input });
  return {
    async apply(record, parkedAs) {
      const { topic, partition, offset } = record;
      const slices = [{ topic, partition, records: [record], logEnd: offset + 1 }];
      const [end] = (await run({ slices, ...(parkedAs && { forcePark: { ...parkedAs, topic, partition, offset } }) })).slices;
      const why = end?.gap ?? end?.alarm;
      if (why !== undefined) throw new Error(why);
      if (end?.position.nextOffset !== offset + 1)
        throw new Error(`${topic}/${String(partition)} offset ${String(offset)} is not the next one`);
      return { parked: end.parked > 0 };
    },
    async execute(command, request) {
      const [end] = (await run({ requests: [{ command, request }] })).requests;
      if (end?.kind !== 'answered') throw end?.error ?? new Error('no answer');
      return end.outcome;
    },
    async redrive(topic, key, mended) {
      const [first] = await parts.store.parked.read(definition.consumer, topic, key, 1);
      if (!first) return false;
      const record: LogRecord = {
        ...{ topic, partition: first.partition, offset: first.offset, key, timestamp: first.parkedAt },
        ...{ type: first.type ?? undefined, sequence: first.sequence ?? undefined, value: mended?.value ?? first.value },
      };
      return (await run({ redrive: { record, n: first.n, note: mended?.note } })).redriven.applied;
    },
    async takeRecorded() {
      const holder = await (lease ??= parts.store.outbox.lease());
      if (!holder) throw new Error('somebody else takes what this department records');
      const rows = await holder.next(taken, everything);
      taken = rows.map(({ id }) => id);
      return rows;
    },
  };
}
