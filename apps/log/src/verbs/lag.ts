import type { ServiceName } from '@instep/contracts';
import type { EventLog, TopicPartition } from '@instep/event-log';
import { setTimeout as sleep } from 'node:timers/promises';

import { positionsIn } from '../adapters/postgres/service-database.ts';
import { samplesOf } from '../adapters/services/read-metrics.ts';
import type { ServiceClient } from '../adapters/services/service-client.ts';
import { exitCodes, ToolFault, type ExitCode } from '../fault.ts';
import { serviceNamed } from '../names.ts';
import type { Column } from '../output/output.ts';
import type { ToolContext } from '../tool-context.ts';
import { span } from '../when.ts';

export interface LagOptions {
  readonly service: readonly string[];
  /** All of them, not only those that are behind. */
  readonly partitions: boolean;
  readonly watch: boolean;
  readonly every: string;
  readonly maxSeconds?: string;
  readonly maxEvents?: string;
}

interface PartitionLag extends TopicPartition {
  readonly events: number;
  readonly seconds: number;
}

interface ServiceLag {
  readonly service: ServiceName;
  /** Where the figures come from; `none` when neither answered. */
  readonly from: 'service' | 'database' | 'none';
  readonly partitions: readonly PartitionLag[];
  readonly outbox: number | undefined;
  readonly outboxSeconds: number | undefined;
  readonly parkedKeys: number | undefined;
  readonly troubles: number | undefined;
  /** Why there is nothing, or nothing from the service itself. */
  readonly note: string | undefined;
}

interface Row extends PartitionLag {
  readonly service: ServiceName;
}

const SERVICE_COLUMNS: readonly Column<ServiceLag>[] = [
  { head: 'service', value: ({ service }) => service },
  { head: 'partitions', right: true, value: ({ partitions }) => partitions.length },
  { head: 'events behind', right: true, value: ({ partitions, from }) => (from === 'none' ? '?' : eventsOf(partitions)) },
  { head: 'time behind', right: true, value: ({ partitions, from }) => (from === 'none' ? '?' : behind(secondsOf(partitions))) },
  { head: 'to send', right: true, value: ({ outbox }) => outbox },
  { head: 'oldest', right: true, value: ({ outbox, outboxSeconds }) => outbox && behind(outboxSeconds ?? 0) },
  { head: 'parked keys', right: true, value: ({ parkedKeys }) => parkedKeys },
  { head: 'as told by', value: ({ from, note }) => note ?? from },
];

const PARTITION_COLUMNS: readonly Column<Row>[] = [
  { head: 'service', value: ({ service }) => service },
  { head: 'topic', value: ({ topic }) => topic },
  { head: 'part', right: true, value: ({ partition }) => partition },
  { head: 'events behind', right: true, value: ({ events }) => events },
  { head: 'time behind', right: true, value: ({ seconds }) => behind(seconds) },
];

/** How far each service is behind the log. Ends with 1 past a limit that was given, with 3 when a service can be seen from nowhere. */
export async function lag(context: ToolContext, options: LagOptions): Promise<ExitCode> {
  const { output, signal } = context;
  for (;;) {
    const all = await measure(context, options);
    if (options.watch && output.format === 'table') output.line('\u001b[2J\u001b[H');
    const verdict = show(context, options, all);
    if (!options.watch) return verdict;
    const ended = await sleep(Number(options.every) * 1_000, false, { signal }).catch(() => true);
    if (ended) return verdict;
  }
}

async function measure(context: ToolContext, { service }: LagOptions): Promise<readonly ServiceLag[]> {
  const names = service.map(serviceNamed);
  const asked = context.ground.services().filter(({ name }) => names.length === 0 || names.includes(name));
  return Promise.all(asked.map((client) => lagOf(context, client)));
}

function show({ output }: ToolContext, options: LagOptions, all: readonly ServiceLag[]): ExitCode {
  output.json(all);
  output.rows(SERVICE_COLUMNS, all);
  const rows = all.flatMap(({ service, partitions }) => partitions.map((of) => ({ service, ...of })));
  const shown = options.partitions ? rows : rows.filter(({ events }) => events > 0);
  if (shown.length > 0) {
    output.say('');
    output.rows(PARTITION_COLUMNS, shown);
  }
  const partitions = all.flatMap((each) => each.partitions);
  const events = eventsOf(partitions);
  const seconds = secondsOf(partitions);
  const over = events > limitOf(options.maxEvents) || seconds > limitOf(options.maxSeconds);
  const unseen = all.filter(({ from }) => from === 'none').map(({ service }) => service);
  output.say(
    `\n${events.toLocaleString('en')} events behind${events === 0 ? '' : `, the oldest by ${span(seconds * 1_000)}`}.`,
    over ? 'bad' : 'quiet',
  );
  if (unseen.length > 0) output.say(`Not seen: ${unseen.join(', ')}.`, 'bad');
  if (unseen.length > 0) return exitCodes.unreachable;
  return over ? exitCodes.wrong : exitCodes.fine;
}

function eventsOf(partitions: readonly PartitionLag[]): number {
  return partitions.reduce((sum, { events }) => sum + events, 0);
}

function secondsOf(partitions: readonly PartitionLag[]): number {
  return Math.max(0, ...partitions.map(({ seconds }) => seconds));
}

function behind(seconds: number): string {
  return seconds === 0 ? '–' : span(seconds * 1_000);
}

function limitOf(text: string | undefined): number {
  return text === undefined ? Number.POSITIVE_INFINITY : Number(text);
}

async function lagOf({ ground, now }: ToolContext, client: ServiceClient): Promise<ServiceLag> {
  const service = client.name;
  try {
    return fromMetrics(service, await client.metrics());
  } catch (error) {
    if (!(error instanceof ToolFault)) throw error;
    const none = { service, partitions: [], outbox: undefined, outboxSeconds: undefined, parkedKeys: undefined, troubles: undefined };
    const url = ground.databaseUrl(service);
    if (url === undefined) return { ...none, from: 'none', note: 'does not answer' };
    try {
      const partitions = await fromPositions(ground.log(), await positionsIn(url), now());
      return { ...none, partitions, from: 'database', note: 'its database; it does not answer' };
    } catch {
      return { ...none, from: 'none', note: 'neither it nor its database answers' };
    }
  }
}

/** What the service says of itself. With several replicas each tells of its own partitions. */
export function fromMetrics(service: ServiceName, text: string): ServiceLag {
  const events = samplesOf(text, 'instep_consumer_lag_events');
  const seconds = samplesOf(text, 'instep_consumer_lag_seconds');
  const one = (metric: string): number | undefined => samplesOf(text, metric)[0]?.value;
  const partitions = events.map(({ labels, value }) => {
    const same = seconds.find((each) => each.labels.topic === labels.topic && each.labels.partition === labels.partition);
    return { topic: labels.topic ?? '', partition: Number(labels.partition), events: value, seconds: same?.value ?? 0 };
  });
  const troubles = one('instep_troubles');
  return {
    service,
    from: 'service',
    partitions: partitions.sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
    outbox: one('instep_outbox_rows'),
    outboxSeconds: one('instep_outbox_oldest_seconds'),
    parkedKeys: one('instep_parked_keys'),
    troubles,
    note: troubles ? 'service, in trouble: see its /health/ready' : undefined,
  };
}

/** How far positions are behind the ends of the log, and how old the first record behind each is. */
export async function fromPositions(
  log: EventLog,
  positions: readonly (TopicPartition & { readonly nextOffset: number })[],
  now: number,
): Promise<readonly PartitionLag[]> {
  const lags: PartitionLag[] = [];
  for (const { topic, partition, nextOffset } of positions) {
    const end = (await log.bounds(topic)).find((bounds) => bounds.partition === partition)?.next ?? nextOffset;
    let seconds = 0;
    if (end > nextOffset) {
      for await (const [first] of log.read({ topic, partition }, nextOffset, nextOffset + 1)) {
        if (first) seconds = Math.max(0, (now - first.timestamp) / 1_000);
      }
    }
    lags.push({ topic, partition, events: Math.max(0, end - nextOffset), seconds });
  }
  return lags;
}
