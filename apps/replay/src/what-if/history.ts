import { hash } from 'node:crypto';

import { topics as contractTopics, type CloudEvent, type ServiceName } from '@instep/contracts';
import { saysDeadLetter, saysRedriven } from '@instep/department';
import type { LogReader, LogRecord } from '@instep/event-log';

import { ReplayFault } from '../fault.ts';
import type { OffsetRange } from '../selection/selection.ts';

/** An event as it lies in the log. Its data is parsed only when somebody asks. */
export interface RecordedEvent {
  readonly record: LogRecord;
  readonly event: CloudEvent;
  /** Place among all that its service recorded. */
  readonly order: number;
}

/** What one input led to in one department, in the order in which it was recorded. */
export interface RecordedDecision {
  readonly service: ServiceName;
  /** `event/<id>`, `request/<key>/<hash>`, or `redriven/<place of the record that had been parked>`. */
  readonly cause: string;
  /** Milliseconds since 1970 at which it was decided. */
  readonly at: number;
  readonly order: number;
  readonly events: readonly RecordedEvent[];
}

/** What happened: what came from outside, and what the departments made of it. */
export interface History {
  /** What others brought, in the order of its place: webhooks and the like. */
  readonly raw: readonly RecordedEvent[];
  /** By service and cause. */
  decision(service: ServiceName, cause: string): RecordedDecision | undefined;
  readonly decisions: readonly RecordedDecision[];
  find(id: string): RecordedEvent | undefined;
}

/** More does not fit into the memory of one process with some certainty. */
const most = 1_500_000;

/** Reads history whole. Records that were sent twice count once; notes of how far somebody had read are left out, since nothing follows from them. */
export async function readHistory(log: LogReader, ranges: readonly OffsetRange[], progress?: (records: number) => void): Promise<History> {
  assertFits(ranges);
  const places = new Map<string, string>();
  const all = new Map<string, RecordedEvent>();
  const nameOf = copyNames();
  for (const range of ranges) {
    const isNew = oncePerNumber();
    for await (const records of log.read(range, range.from, range.to)) {
      for (const record of records) {
        const event = eventOf(record);
        const name = isNumbered(record.topic) ? event.id : nameOf(event.id);
        places.set(placeOf(record), name);
        if (isNew(record) && !event.type.endsWith('.position-advanced')) all.set(name, { record, event, order: orderOf(record) });
      }
      progress?.(records.length);
    }
  }
  const events = [...all.values()];
  const decisions = decisionsIn(
    events.filter(({ record }) => isNumbered(record.topic)),
    places,
  );
  return {
    raw: events.filter(({ record }) => !isNumbered(record.topic)),
    decision: (service, cause) => decisions.get(`${service} ${cause}`),
    decisions: [...decisions.values()],
    find: (id) => all.get(id),
  };
}

/** What has no numbers may lie there twice, and each copy is read: the first has the name of its event, another one a name of its own. */
export function copyNames(): (id: string) => string {
  const copies = new Map<string, number>();
  return (id) => {
    const before = copies.get(id) ?? 0;
    copies.set(id, before + 1);
    return before === 0 ? id : `${id}#${String(before)}`;
  };
}

function assertFits(ranges: readonly OffsetRange[]): void {
  const size = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  if (size <= most) return;
  throw new ReplayFault(
    'replay/not-replayable',
    `${size.toLocaleString('en-US')} records are more than are decided once more in one process (${most.toLocaleString('en-US')}): choose an earlier end with --until.`,
  );
}

/** For the records of one partition, one after the other: whether this one was not there before. */
function oncePerNumber(): (record: LogRecord) => boolean {
  let [epoch, last] = [0, 0];
  return ({ sequence }) => {
    if (!sequence) return true;
    if (sequence.epoch < epoch || (sequence.epoch === epoch && sequence.n <= last)) return false;
    [epoch, last] = [sequence.epoch, sequence.n];
    return true;
  };
}

const perEpoch = 2 ** 40;

function orderOf({ sequence }: LogRecord): number {
  return sequence ? sequence.epoch * perEpoch + (sequence.serial ?? sequence.n) : 0;
}

/** By service and cause, in the order in which they were recorded. */
function decisionsIn(own: readonly RecordedEvent[], places: ReadonlyMap<string, string>): ReadonlyMap<string, RecordedDecision> {
  const decisions = new Map<string, RecordedDecision & { readonly events: RecordedEvent[] }>();
  const redriven = new Set(own.filter(({ event }) => saysRedriven(event)).map(placeInService));
  for (const recorded of own.toSorted((a, b) => a.order - b.order)) {
    const { event, order, record } = recorded;
    const service = ownerOf(record.topic);
    const cause = redriven.has(placeInService(recorded)) && !saysDeadLetter(event) ? redriveOf(event) : causeOf(event, places);
    const known = decisions.get(`${service} ${cause}`);
    if (known) known.events.push(recorded);
    else decisions.set(`${service} ${cause}`, { service, cause, at: Date.parse(event.recordedtime), order, events: [recorded] });
  }
  return decisions;
}

function causeOf(event: CloudEvent, places: ReadonlyMap<string, string>): string {
  if (event.causeposition === undefined) return event.causationid;
  return `event/${places.get(event.causeposition) ?? event.causationid}`;
}

/** What a parked record led to, it led to when it was redriven, whatever lies between that and its place. */
function redriveOf({ causeposition = '' }: CloudEvent): string {
  return `redriven/${causeposition}`;
}

function placeInService({ event, record }: RecordedEvent): string {
  return `${ownerOf(record.topic)} ${event.causeposition ?? ''}`;
}

/** Id of the event in a record; for what is no event one that tells its bytes from others. */
export function idOfRecord({ value }: LogRecord): string {
  const text = value.toString('utf8');
  // Our writers put it first: the rest need not be parsed.
  return /^\{"specversion":"1\.0","id":"([^"\\]+)"/.exec(text)?.[1] ?? parsed(text)?.id ?? `bytes/${hash('sha256', value)}`;
}

/** What is no event is kept with what its record says: departments park it. */
function eventOf(record: LogRecord): CloudEvent {
  const found = parsed(record.value.toString('utf8'));
  if (found) return found;
  const slash = record.key.indexOf('/');
  const [tenant, subject] = [record.key.slice(0, Math.max(0, slash)), record.key.slice(slash + 1)];
  const time = new Date(record.timestamp).toISOString();
  return {
    ...{
      specversion: '1.0',
      id: idOfRecord(record),
      source: '',
      type: record.type ?? '',
      subject,
      tenant,
      time,
      recordedtime: time,
      data: null,
    },
    ...{ datacontenttype: 'application/json', dataschema: '', correlationid: '', causationid: '', actor: '' },
  };
}

/** The event that a text is, if it is one. */
export function parsed(text: string): CloudEvent | undefined {
  try {
    const event = JSON.parse(text) as Partial<CloudEvent> | null;
    const isEvent = typeof event?.id === 'string' && typeof event.type === 'string' && typeof event.causationid === 'string';
    return isEvent ? (event as CloudEvent) : undefined;
  } catch {
    return undefined;
  }
}

function placeOf({ topic, partition, offset }: LogRecord): string {
  return `${topic}/${String(partition)}/${String(offset)}`;
}

export function isNumbered(topic: string): boolean {
  return (contractTopics as Readonly<Record<string, { readonly sequenced: boolean }>>)[topic]?.sequenced === true;
}

function ownerOf(topic: string): ServiceName {
  const found = (contractTopics as Readonly<Record<string, { readonly owner: ServiceName }>>)[topic];
  if (!found) throw new Error(`no contract of ${topic}`);
  return found.owner;
}
