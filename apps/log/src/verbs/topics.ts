import type { TopicDefinition } from '@instep/contracts';
import { changesOf, createTopics, describeLog, TopicsUnfit, type LogState, type TopicState } from '@instep/event-log-kafka';

import { badInput, exitCodes, type ExitCode } from '../fault.ts';
import { allTopics } from '../names.ts';
import type { Column } from '../output/output.ts';
import type { ToolContext } from '../tool-context.ts';

export interface TopicsOptions {
  readonly create: boolean;
  readonly verify: boolean;
  /** Copies that each partition must have. */
  readonly replication: string;
}

interface Row {
  readonly topic: TopicDefinition;
  readonly state: TopicState | undefined;
  readonly records: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'topic', value: ({ topic }) => topic.name },
  { head: 'owner', value: ({ topic }) => topic.owner },
  { head: 'partitions', right: true, value: ({ state }) => state?.partitions ?? 'missing' },
  { head: 'copies', right: true, value: ({ state }) => state && `${String(state.inSync)} of ${String(state.replicas)} in step` },
  { head: 'kept', value: ({ state }) => state && kept(state.settings.get('retention.ms')) },
  { head: 'cleanup', value: ({ state }) => state?.settings.get('cleanup.policy') },
  { head: 'acks need', right: true, value: ({ state }) => state?.settings.get('min.insync.replicas') },
  { head: 'largest', right: true, value: ({ state }) => state && mebibytes(state.settings.get('max.message.bytes')) },
  { head: 'records', right: true, value: ({ records }) => records },
];

/** The topics as they are. With `verify` ends with 1 when one is not as it must be; `create` makes those that are missing first. */
export async function topicsVerb(context: ToolContext, { create, verify, replication }: TopicsOptions): Promise<ExitCode> {
  const { ground, output } = context;
  const replicationFactor = Number(replication);
  if (!Number.isInteger(replicationFactor) || replicationFactor < 1) throw badInput(`--replication ${replication} is not a number from 1.`);
  const options = { replicationFactor };
  const connection = ground.connection();
  const made = create ? await createdBy(() => createTopics(connection, allTopics, options)) : [];
  const state = await describeLog(connection, allTopics);
  const changes = changesOf(state, allTopics, options);
  const rows = await rowsOf(context, state);
  output.json({ brokers: state.brokers.map(brokerJson), made, topics: rows.map(rowJson), changes });
  output.rows(COLUMNS, rows);
  output.say(`\n${brokersOf(state)}`, 'quiet');
  if (made.length > 0) output.say(`made: ${made.join(', ')}`, 'good');
  if (changes.length === 0) {
    output.say('All topics are as the contracts want them.', 'good');
    return exitCodes.fine;
  }
  output.say(`To change, or services refuse to start on it:\n${changes.map((change) => `  - ${change}`).join('\n')}`, 'bad');
  return verify || create ? exitCodes.wrong : exitCodes.fine;
}

/** What is unfit is said with all the rest afterwards. */
async function createdBy(make: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof TopicsUnfit) return [];
    throw error;
  }
}

async function rowsOf({ ground }: ToolContext, { topics }: LogState): Promise<readonly Row[]> {
  const states = new Map(topics.map((state) => [state.name, state]));
  const log = ground.log();
  return Promise.all(
    allTopics.map(async (topic) => {
      const state = states.get(topic.name);
      const bounds = state ? await log.bounds(topic.name) : [];
      return { topic, state, records: bounds.reduce((sum, { first, next }) => sum + next - first, 0) };
    }),
  );
}

function kept(retention: string | undefined): string {
  if (retention === '-1') return 'for ever';
  const days = Number(retention) / 86_400_000;
  return Number.isFinite(days) ? `${days.toFixed(days < 10 ? 1 : 0)} days` : '?';
}

function mebibytes(bytes: string | undefined): string {
  return `${(Number(bytes) / 1024 / 1024).toFixed(0)} MiB`;
}

function brokersOf({ brokers }: LogState): string {
  const seen = brokers.every(({ settings }) => settings !== undefined);
  const told = brokers.map(({ nodeId, address }) => `${String(nodeId)} at ${address}`).join(', ');
  return `${brokers.length === 1 ? 'broker' : 'brokers'} ${told}${seen ? '' : ' (their settings may not be seen)'}`;
}

function brokerJson({ nodeId, address, settings }: LogState['brokers'][number]): object {
  return { nodeId, address, settings: settings && Object.fromEntries(settings) };
}

function rowJson({ topic, state, records }: Row): object {
  const there = state && { ...state, settings: Object.fromEntries(state.settings) };
  return { name: topic.name, owner: topic.owner, wantedPartitions: topic.partitions, state: there ?? null, records };
}
