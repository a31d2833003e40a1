import { serviceNames } from '@instep/contracts';
import { checkHistory, type Finding, type HistoryReport, type NumberCounter, type PartitionHistory } from '@instep/history';

import { countersIn } from '../adapters/postgres/service-database.ts';
import { exitCodes, ToolFault, type ExitCode } from '../fault.ts';
import { topicsNamed } from '../names.ts';
import type { Column } from '../output/output.ts';
import type { ToolContext } from '../tool-context.ts';
import { placeFrom } from '../when.ts';

export interface VerifyOptions {
  readonly topic: readonly string[];
  readonly partition?: string;
  readonly from?: string;
  readonly to?: string;
  readonly skew: string;
  readonly most: string;
  readonly databases: boolean;
}

const COLUMNS: readonly Column<PartitionHistory>[] = [
  { head: 'topic', value: ({ topic }) => topic },
  { head: 'part', right: true, value: ({ partition }) => partition },
  { head: 'offsets', right: true, value: ({ from, to, records }) => (records === 0 ? '–' : `${String(from)}–${String(to - 1)}`) },
  { head: 'records', right: true, value: ({ records }) => records },
  { head: 'repeated', right: true, value: ({ repeated }) => repeated },
  { head: 'numbers', right: true, value: ({ distinct, lastNumber }) => (lastNumber === undefined ? '–' : distinct) },
  { head: 'last', right: true, value: ({ lastNumber }) => lastNumber ?? '–' },
  { head: 'database', right: true, value: ({ counter }) => counter ?? '–' },
  { head: 'streams', right: true, value: ({ streams }) => streams },
  { head: 'findings', right: true, value: ({ findings }) => findings },
];

const FINDING_COLUMNS: readonly Column<Finding>[] = [
  { head: 'finding', value: ({ code }) => code },
  { head: 'where', value: ({ topic, partition, offset }) => [topic, partition, offset].filter((part) => part !== undefined).join('/') },
  { head: 'what', value: ({ sentence }) => sentence },
];

/** Whether the log holds what it must. Ends with 1 when it does not, and with 2 when there is nothing to look at. */
export async function verify(context: ToolContext, options: VerifyOptions): Promise<ExitCode> {
  const { ground, output } = context;
  const { counters, unreached } = databasesOf(context, options.databases);
  const bar = context.progress('verifying');
  let report: HistoryReport;
  try {
    report = await checkHistory(ground.log(), {
      topics: topicsNamed(options.topic).map(({ name }) => name),
      skewMs: Number(options.skew),
      mostFindings: Number(options.most),
      progress: bar.at,
      ...(options.partition !== undefined && { partition: Number(options.partition) }),
      ...(options.from !== undefined && { from: placeFrom('--from', options.from, context.now()) }),
      ...(options.to !== undefined && { to: placeFrom('--to', options.to, context.now()) }),
      ...(counters && { counters }),
    });
  } finally {
    bar.done();
  }
  if (report.records === 0)
    throw new ToolFault('log-tool/nothing-there', `There is nothing to verify: ${rangeOf(options)} holds no record.`);
  const wrong = Object.values(report.found).reduce((sum, count) => sum + count, 0);
  output.json({ ...report, unreached: [...unreached] });
  output.rows(
    COLUMNS,
    report.partitions.filter(({ records, findings }) => records > 0 || findings > 0),
  );
  if (report.findings.length > 0) {
    output.say('');
    output.rows(FINDING_COLUMNS, report.findings);
  }
  for (const line of unreached) output.say(line, 'quiet');
  output.say(`\n${summary(report, wrong)}`, wrong === 0 ? 'good' : 'bad');
  return wrong === 0 ? exitCodes.fine : exitCodes.wrong;
}

function summary({ records, repeated, streams, causes, found, findings }: HistoryReport, wrong: number): string {
  const count = (value: number): string => value.toLocaleString('en');
  const read = `${count(records)} records, ${count(repeated)} sent again, ${count(streams)} streams, ${count(causes)} causes looked up`;
  if (wrong === 0) return `${read}: all as it must be.`;
  const kinds = Object.entries(found).map(([code, of]) => `${count(of)} ${code}`);
  const shown = findings.length < wrong ? ` (the first ${count(findings.length)} are shown)` : '';
  return `${read}: ${count(wrong)} findings${shown}: ${kinds.join(', ')}.`;
}

function rangeOf({ topic, partition, from, to }: VerifyOptions): string {
  const names = topic.length > 0 ? topic.join(', ') : 'the log';
  const parts = [partition !== undefined && `partition ${partition}`, from && `from ${from}`, to && `to ${to}`];
  return [names, ...parts.filter(Boolean)].join(' ');
}

/** The third count, as far as the databases answer. Those that do not are named once. */
function databasesOf(
  { ground }: ToolContext,
  wanted: boolean,
): { readonly counters: (() => Promise<readonly NumberCounter[]>) | undefined; readonly unreached: ReadonlySet<string> } {
  const unreached = new Set<string>();
  const known = serviceNames.flatMap((service) => {
    const url = ground.databaseUrl(service);
    return url === undefined ? [] : [{ service, url }];
  });
  if (!wanted || known.length === 0) return { counters: undefined, unreached };
  const counters = async (): Promise<readonly NumberCounter[]> => {
    const answers = known.map(async ({ service, url }) => {
      try {
        return await countersIn(service, url);
      } catch (error) {
        unreached.add(`the database of ${service} is not compared: ${error instanceof Error ? error.message : String(error)}`);
        return [];
      }
    });
    return (await Promise.all(answers)).flat();
  };
  return { counters, unreached };
}
