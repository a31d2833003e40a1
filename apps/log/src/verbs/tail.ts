import { decodeEvent } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';
import { summaryOf } from '@instep/history';

import { badInput, exitCodes, type ExitCode } from '../fault.ts';
import { withoutPersonal } from '../masking.ts';
import { topicsNamed, wildcard } from '../names.ts';
import type { ToolContext } from '../tool-context.ts';
import { placeFrom } from '../when.ts';
import { RecordStream, type Start } from './record-stream.ts';

export interface TailOptions {
  readonly topic: readonly string[];
  readonly type: readonly string[];
  readonly key?: string;
  readonly tenant?: string;
  readonly from?: string;
  readonly last?: string;
  readonly limit?: string;
  readonly follow: boolean;
  readonly data: boolean;
  readonly raw: boolean;
  readonly showPersonal: boolean;
}

/** A record as it is shown. */
interface Shown {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly number: string | undefined;
  readonly type: string;
  readonly recordedTime: string;
  readonly summary: string;
  readonly event: unknown;
}

const WIDTHS = { time: 23, place: 24, type: 28 };

/** Records as they come, oldest first. Ends when asked to, at the limit, or with `follow` off at the end of the log. */
export async function tail(context: ToolContext, options: TailOptions): Promise<ExitCode> {
  const { ground, output, signal } = context;
  const topics = topicsNamed(options.topic).map(({ name }) => name);
  const stream = new RecordStream(ground.log(), topics, signal);
  await stream.startAt(startOf(options, context.now()));
  const wanted = filterOf(options);
  const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.limit);
  let shown = 0;
  const show = (record: LogRecord): void => {
    shown += 1;
    print(context, shownRecord(record, options), options.data);
  };
  if (output.format === 'plain') output.line(['recorded', 'place', 'type', 'key', 'what'].join('\t'));
  const last = options.last === undefined ? undefined : Number(options.last);
  const kept: LogRecord[] = [];
  for await (const record of stream.untilEnd()) {
    if (!wanted(record)) continue;
    if (last === undefined) show(record);
    else if (kept.push(record) > last) kept.shift();
    if (shown >= limit) return exitCodes.fine;
  }
  kept.forEach(show);
  if (!options.follow) return exitCodes.fine;
  for await (const record of stream.following()) {
    if (wanted(record)) show(record);
    if (shown >= limit) return exitCodes.fine;
  }
  return exitCodes.fine;
}

function startOf({ from, last, topic, type, key, tenant }: TailOptions, now: number): Start {
  if (from !== undefined && last !== undefined) throw badInput('--from and --last say two different starts: keep one.');
  const all = type.length === 0 && key === undefined && tenant === undefined;
  if (last !== undefined) return all ? { back: Number(last) } : 'beginning';
  if (from === 'beginning') return 'beginning';
  if (from === undefined || from === 'end') return 'end';
  if (/^\d+$/.test(from) && topic.length === 0) throw badInput(`--from ${from} is an offset, and offsets are of a topic: add --topic.`);
  return placeFrom('--from', from, now);
}

function filterOf({ type, key, tenant }: TailOptions): (record: LogRecord) => boolean {
  const types = type.map(wildcard);
  return (record) => {
    const slash = record.key.indexOf('/');
    if (tenant !== undefined && record.key.slice(0, slash) !== tenant) return false;
    if (key !== undefined && record.key !== key && record.key.slice(slash + 1) !== key) return false;
    return types.length === 0 || types.some((named) => named(record.type ?? ''));
  };
}

function shownRecord(record: LogRecord, { raw, showPersonal }: TailOptions): Shown {
  const { topic, partition, offset, key, sequence, timestamp } = record;
  const place = { topic, partition, offset, key, number: sequence && `${String(sequence.epoch)}.${String(sequence.n)}` };
  const sent = new Date(timestamp).toISOString();
  try {
    const event = decodeEvent(record.value);
    const stored: unknown = raw ? JSON.parse(record.value.toString()) : event;
    const told = showPersonal ? stored : withoutPersonal(stored);
    return { ...place, type: event.type, recordedTime: event.recordedtime, summary: summaryOf(event), event: told };
  } catch (error) {
    const why = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const bytes = showPersonal ? record.value.toString() : `(${String(record.value.length)} bytes)`;
    return { ...place, type: record.type ?? '?', recordedTime: sent, summary: why, event: bytes };
  }
}

function print({ output }: ToolContext, shown: Shown, data: boolean): void {
  const { topic, partition, offset, type, key, recordedTime, summary, event } = shown;
  if (output.format === 'json') {
    output.line(JSON.stringify(shown));
    return;
  }
  const place = `${topic}/${String(partition)}/${String(offset)}`;
  if (output.format === 'plain') output.line([recordedTime, place, type, key, summary].join('\t'));
  else {
    const time = recordedTime.replace('T', ' ').replace('Z', '');
    const columns = [time.padEnd(WIDTHS.time), place.padEnd(WIDTHS.place), output.paint(type.padEnd(WIDTHS.type), 'loud'), key];
    output.line([...columns, output.paint(summary, 'quiet')].join('  ').trimEnd());
  }
  if (data) output.line(JSON.stringify(event, null, output.format === 'plain' ? 0 : 2));
}
