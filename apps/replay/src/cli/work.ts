import { duration, figure, progress, say } from '@instep/command-line';
import { createTopics, kafkaLog } from '@instep/event-log-kafka';
import { withRests, type EventLog, type LogReader } from '@instep/event-log';

import { SandboxDatabase } from '../adapters/postgres/sandbox-database.ts';
import { ReplayFault } from '../fault.ts';
import type { Checkpoint, Job } from '../job/job.ts';
import type { JobStore, StoredJob } from '../job/job-store.ts';
import { schemaOf } from '../run/schema-of.ts';
import { runJob, type RunEnd } from '../run/run-job.ts';
import { openSource } from '../source/source.ts';
import { fileSink } from '../targets/file-sink.ts';
import type { Sink } from '../targets/sink.ts';
import { topicSink, topicStays } from '../targets/topic-sink.ts';
import type { ReplaySettings } from './settings.ts';

export interface WorkParts {
  readonly jobs: JobStore;
  readonly settings: ReplaySettings;
  readonly lake: string;
  readonly signal: AbortSignal;
}

/** Works on a replay until it is done, paused or cancelled, and says which. */
export async function work(job: Job, parts: WorkParts): Promise<RunEnd> {
  const { jobs } = parts;
  const claim = await jobs.claim(job.id);
  try {
    // What was asked of a run before; from here on it is this one that is asked.
    jobs.heard(job.id);
    return await workOn(job, parts);
  } finally {
    claim.release();
  }
}

async function workOn(job: Job, parts: WorkParts): Promise<RunEnd> {
  const { jobs, settings, lake } = parts;
  const rest = settings.comeLast?.();
  const source = await openSource({ lake, brokers: job.withLog ? settings.brokers : undefined, threads: rest ? 1 : 2 });
  const shown = progress('replaying');
  const begun = performance.now();
  let last: Checkpoint = jobs.get(job.id).progress.checkpoint;
  const before = last.read;
  shown.start(job.plan.read * (job.target.kind === 'sandbox' ? job.target.services.length : 1), before);
  try {
    const { end, left } = await toTarget(job, parts, withRests(source.log, { rest }), (checkpoint) => {
      last = checkpoint;
      shown.at(checkpoint.read);
    });
    shown.stop();
    // What is kept is the checkpoint that the run itself wrote: what was read behind it may be lost.
    jobs.note(job.id, end, jobs.get(job.id).progress.checkpoint);
    jobs.heard(job.id);
    tell(job, { end, left }, last, (performance.now() - begun) / 1000, last.read - before);
    return end;
  } catch (error) {
    shown.stop();
    jobs.note(job.id, 'failed', jobs.get(job.id).progress.checkpoint, error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    await source.close();
  }
}

interface Ended {
  readonly end: RunEnd;
  /** What stays of one that was cancelled. */
  readonly left?: string | undefined;
}

async function toTarget(job: Job, parts: WorkParts, history: LogReader, progress: (checkpoint: Checkpoint) => void): Promise<Ended> {
  const { jobs, settings, signal } = parts;
  if (job.target.kind === 'sandbox') {
    const database = sandboxOf(job, settings);
    // Brings in every department: only who needs it waits for that.
    const { fillSandbox } = await import('../run/fill-sandbox.ts');
    const end = await fillSandbox({ job, jobs, log: history, database, signal, progress });
    if (end === 'cancelled') await database.drop();
    return { end };
  }
  const log = job.target.kind === 'topic' ? await copyTopic(job.target, settings) : undefined;
  const sink = sinkOf(job, log);
  try {
    const end = await runJob({ job, jobs, log: history, sink, signal, progress });
    return { end, left: end === 'cancelled' ? await sink.discard(jobs.get(job.id).progress.checkpoint.mark) : undefined };
  } finally {
    await sink.close();
    await log?.close();
  }
}

export function sandboxOf({ target }: Job, { databaseUrl }: ReplaySettings): SandboxDatabase {
  if (target.kind !== 'sandbox') throw new Error('the target is no sandbox');
  if (databaseUrl === undefined)
    throw new ReplayFault('replay/bad-option', 'The server of the sandbox is not named: begin with npm start, or set DATABASE_URL.');
  return new SandboxDatabase(databaseUrl, target.database);
}

/** Removes what an unfinished replay has put in its target, and gives what stays of it in a sentence without its full stop. */
export async function discard(
  { job, progress }: Pick<StoredJob, 'job' | 'progress'>,
  settings: ReplaySettings,
): Promise<string | undefined> {
  const { target, id } = job;
  if (target.kind === 'topic') return topicStays(target.name);
  if (target.kind === 'file') return await fileSink(target.path, target.format, id).discard(progress.checkpoint.mark);
  await sandboxOf(job, settings).drop();
  return undefined;
}

/** What a person is told of a replay that was cancelled. */
export function cancelled(left: string | undefined): string {
  return `cancelled; ${left ?? 'nothing of it is left'}`;
}

function sinkOf(job: Job, log: EventLog | undefined): Sink {
  const { target } = job;
  if (target.kind === 'file') return fileSink(target.path, target.format, job.id);
  if (target.kind === 'topic' && log) return topicSink(log, target.name);
  throw new Error(`no sink for ${target.kind}`);
}

async function copyTopic(
  { name, partitions }: { readonly name: string; readonly partitions: number },
  { brokers }: ReplaySettings,
): Promise<EventLog> {
  if (brokers === undefined)
    throw new ReplayFault('replay/bad-option', 'No broker to copy to: begin with npm start, or set KAFKA_BROKERS=host:port.');
  const connection = { brokers: brokers.split(','), clientId: 'replay' };
  await createTopics(connection, [{ name, partitions }], { replicationFactor: 1 });
  return kafkaLog(connection);
}

function tell(job: Job, { end, left }: Ended, { read, events }: Checkpoint, seconds: number, readNow: number): void {
  const rate = `${figure(Math.round(readNow / Math.max(0.001, seconds)))}/s`;
  if (end === 'done') say(`${figure(events)} events ${placeOf(job)} in ${duration(seconds)} (${rate}), replay ${job.id}`);
  else if (end === 'paused') say(`paused after ${figure(read)} of ${figure(job.plan.read)} records: npm run replay -- resume ${job.id}`);
  else say(cancelled(left));
}

function placeOf({ target }: Job): string {
  if (target.kind === 'file') return `in ${target.path}`;
  if (target.kind === 'topic') return `in the topic ${target.name}`;
  return `folded into the database ${target.database}, schemas ${target.services.map(schemaOf).join(', ')},`;
}
