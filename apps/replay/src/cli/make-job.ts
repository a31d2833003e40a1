import { existsSync } from 'node:fs';
import { extname } from 'node:path';

import { serviceNames, topics as contractTopics } from '@instep/contracts';
import { kafkaLog } from '@instep/event-log-kafka';

import { SandboxDatabase } from '../adapters/postgres/sandbox-database.ts';
import { ReplayFault } from '../fault.ts';
import type { Job, Target } from '../job/job.ts';
import { choose } from '../selection/choose.ts';
import { historyUpTo } from '../selection/moment.ts';
import { planOf, type Plan } from '../selection/plan.ts';
import type { Selection } from '../selection/selection.ts';
import type { Source } from '../source/source.ts';
import { folder, type SelectingOptions } from './selecting.ts';
import type { ReplaySettings } from './settings.ts';

export interface PlannedJob {
  readonly job: Job;
  readonly plan: Plan;
}

/** What a person asked for, with fixed ends and counted. Refuses what could not be done later, and above all a target that exists. */
export async function makeJob(
  source: Source,
  options: SelectingOptions,
  settings: ReplaySettings,
  progress?: (read: number) => void,
): Promise<PlannedJob> {
  const id = newId();
  const selection = options.to === 'sandbox' ? await wholeHistory(source, options) : await choose(source, choiceOf(options));
  const target = await targetOf(id, options, settings, selection);
  const plan = await planOf(source, selection, progress);
  if (target.kind === 'sandbox' && plan.unknownVersions.length > 0)
    throw new ReplayFault(
      'replay/unknown-version',
      `History holds ${plan.unknownVersions.map((name) => `"${name}"`).join(', ')}, which this release does not know: fold it with the release that wrote it, or replay into a file, which keeps it as it is.`,
    );
  const now = Date.now();
  const job: Job = {
    ...{ id, planned: new Date(now).toISOString(), withLog: options.log && settings.brokers !== undefined },
    ...{ selection, target, rate: options.rate, plan: { read: plan.read, events: plan.events, bytes: plan.bytes } },
    ...(target.kind === 'sandbox' && { expires: new Date(now + options.keep * 86_400_000).toISOString() }),
  };
  return { job, plan };
}

function choiceOf({ topics, types, tenants, keys, since, until, offsets }: SelectingOptions) {
  return { topics, types, tenants, keys, since, until, offsets };
}

/** A department's tables follow from all of its events up to a moment, and from nothing less. */
async function wholeHistory(source: Source, { topics, types, tenants, keys, since, until, offsets }: SelectingOptions): Promise<Selection> {
  if ([topics, types, tenants, keys, since, offsets].some((option) => option !== undefined))
    throw new ReplayFault(
      'replay/bad-option',
      'A sandbox holds the tables of whole departments, which follow from all events up to a moment: it takes --until and --services, and no other choice of events.',
    );
  return { ranges: await historyUpTo(source, until) };
}

async function targetOf(id: string, { to, services }: SelectingOptions, settings: ReplaySettings, selection: Selection): Promise<Target> {
  const [kind, name] = [to.split(':', 1)[0], to.slice(to.indexOf(':') + 1)];
  if (services !== undefined && to !== 'sandbox')
    throw new ReplayFault('replay/bad-option', '--services chooses departments of a sandbox: add --to sandbox, or leave it out.');
  if (to === 'sandbox') return await sandboxTarget(id, services ?? serviceNames, settings);
  if (kind === 'file' && name !== '') return fileTarget(folder(name));
  if (kind === 'topic' && name !== '') return await topicTarget(name, settings, selection);
  throw new ReplayFault(
    'replay/bad-option',
    `"${to}" is no target: there are file:<path>.ndjson, file:<path>.parquet, topic:<name> and sandbox.`,
  );
}

function fileTarget(path: string): Target {
  const format = extname(path).slice(1);
  if (format !== 'ndjson' && format !== 'parquet')
    throw new ReplayFault('replay/bad-option', `${path} says no format: let its name end in .ndjson or .parquet.`);
  if (existsSync(path)) throw exists(path, 'name another file, or move that one away');
  return { kind: 'file', path, format };
}

async function topicTarget(name: string, { brokers }: ReplaySettings, { ranges }: Selection): Promise<Target> {
  if (name in contractTopics)
    throw new ReplayFault(
      'replay/bad-option',
      `"${name}" is a topic of the contracts, which one service alone writes: name a topic of your own, as copy-of-${name}.`,
    );
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name))
    throw new ReplayFault('replay/bad-option', `"${name}" is no name of a topic: letters, digits, dots, hyphens, at most 249.`);
  if (brokers === undefined)
    throw new ReplayFault('replay/bad-option', 'No broker to copy to: begin with npm start, or set KAFKA_BROKERS=host:port.');
  const log = kafkaLog({ brokers: brokers.split(','), clientId: 'replay' });
  try {
    await log.bounds(name);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'log/unknown-topic') throw error;
    return { kind: 'topic', name, partitions: Math.max(1, ...ranges.map(({ partition }) => partition + 1)) };
  } finally {
    await log.close();
  }
  throw exists(`The topic ${name}`, 'name another topic');
}

async function sandboxTarget(id: string, services: readonly string[], { databaseUrl }: ReplaySettings): Promise<Target> {
  if (databaseUrl === undefined)
    throw new ReplayFault('replay/bad-option', 'No database server to make a sandbox on: begin with npm start, or set DATABASE_URL.');
  const database = new SandboxDatabase(databaseUrl, `sim_${id}`);
  if (await database.exists()) throw exists(`The database ${database.name}`, 'plan again');
  return { kind: 'sandbox', database: database.name, services };
}

function exists(what: string, remedy: string): ReplayFault {
  return new ReplayFault('replay/target-exists', `${what} exists already, and a replay never writes over anything: ${remedy}.`);
}

/** Sorts by time, and is a plain name for a database. */
function newId(): string {
  return `r${Date.now().toString(36)}${Math.floor(Math.random() * 1_296)
    .toString(36)
    .padStart(2, '0')}`;
}
