import type { ServiceName } from '@instep/contracts';
import { rebuild, type Store } from '@instep/department';
import { cutAt, partitionName, type Cut, type LogReader } from '@instep/event-log';
import { dataSource, migrate, postgresStore } from '@instep/postgres';

import type { SandboxDatabase } from '../adapters/postgres/sandbox-database.ts';
import { departments } from '../departments.ts';
import type { Checkpoint, Job } from '../job/job.ts';
import type { JobStore } from '../job/job-store.ts';
import { tables } from '../tables.ts';
import { inSteps, pacer } from './pacer.ts';
import type { RunEnd } from './run-job.ts';
import { schemaOf } from './schema-of.ts';

export interface SandboxParts {
  readonly job: Job;
  readonly jobs: JobStore;
  readonly log: LogReader;
  readonly database: SandboxDatabase;
  readonly signal: AbortSignal;
  progress(checkpoint: Checkpoint): void;
}

class Stopped extends Error {}

/**
 * Folds history into the tables of departments, each in a schema of its own, by the departments' own code. Nothing is decided and nothing can
 * be sent: a rebuild is given a log to read, and its store takes no outbox rows. A department whose building was cut off is built anew.
 */
export async function fillSandbox({ job, jobs, log, database, signal, progress }: SandboxParts): Promise<RunEnd> {
  if (job.target.kind !== 'sandbox') throw new Error('the target is no sandbox');
  let at = jobs.get(job.id).progress.checkpoint;
  const stop = (): RunEnd | undefined =>
    jobs.asked(job.id) === 'cancel' ? 'cancelled' : signal.aborted || jobs.asked(job.id) === 'pause' ? 'paused' : undefined;
  const cut: Cut = new Map(job.selection.ranges.map((range) => [partitionName(range), range.to]));
  const history = paced(cutAt(log, cut), job.rate, () => stop() !== undefined);
  await database.create();
  try {
    for (const service of job.target.services as readonly ServiceName[]) {
      if (at.mark[service] !== undefined) continue;
      const before = at.read;
      const folded = await database.using(() =>
        build(service, history, database, (done) => progress({ ...at, read: before + done, events: before + done })),
      );
      at = { ...at, range: at.range + 1, read: before + folded, events: before + folded, mark: { ...at.mark, [service]: folded } };
      jobs.note(job.id, 'running', at);
    }
    return 'done';
  } catch (error) {
    const end = stop();
    if (error instanceof Stopped && end !== undefined) return end;
    throw error;
  }
}

async function build(service: ServiceName, log: LogReader, database: SandboxDatabase, progress: (done: number) => void): Promise<number> {
  const definition = departments().get(service);
  if (!definition) throw new Error(`no department ${service}`);
  const { entities, migrations } = tables[service];
  const [schema, building] = [schemaOf(service), `building_${schemaOf(service)}`];
  const connection = { url: database.url, service: `${service} sandbox`, schema: building };
  // Renamed by the run that was killed before it could note that.
  for (const name of [building, schema]) await database.clear(name);
  const source = dataSource({ ...connection, entities, migrations });
  try {
    await migrate(source);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
  const store = postgresStore({ ...connection, tables: entities });
  let folded: number;
  try {
    const folding = rebuild({ definition, log, store: withoutOutbox(store), progress });
    await folding.advance();
    folded = folding.folded();
  } finally {
    await store.close();
  }
  // A schema under its own name is whole.
  await database.rename(building, schema);
  return folded;
}

/** Nothing that is folded in a replay may ever be sent. */
export function withoutOutbox(store: Store): Store {
  return {
    ...store,
    commit: (unit) =>
      unit.outbox.length > 0 ? Promise.reject(new Error('a replay recorded an event to send: that must not be')) : store.commit(unit),
  };
}

function paced(log: LogReader, rate: number | undefined, stopped: () => boolean): LogReader {
  const pace = pacer(rate, stopped);
  return {
    bounds: (topic) => log.bounds(topic),
    async *read(target, from, to) {
      for await (const batch of log.read(target, from, to))
        for (const records of inSteps(batch, rate)) {
          yield records;
          await pace(records.length);
          if (stopped()) throw new Stopped();
        }
    },
  };
}
