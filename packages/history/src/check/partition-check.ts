import { type CloudEvent, decodeEvent, findEvent, recordKey } from '@instep/contracts';
import { partitionOfKey, type EventLog, type LogRecord } from '@instep/event-log';

import type { CauseCheck } from './cause-check.ts';
import type { Findings } from './finding.ts';
import type { PartitionHistory } from './history-report.ts';
import { identityIn } from './identity.ts';
import { NumberPlaces } from './number-places.ts';
import type { PartitionRange } from './ranges.ts';
import { sharedStreams } from './shared-streams.ts';

/** Reads one partition and checks what can be seen there: numbers, repetitions, versions, owner, key. Causes it hands on. */
export class PartitionCheck {
  readonly #range: PartitionRange;
  readonly #findings: Findings;
  readonly #causes: CauseCheck;
  /** Whether the range starts where the partition does, so that all that is counted starts at 1. */
  readonly #fromStart: boolean;
  readonly #places = new NumberPlaces();
  readonly #versions = new Map<string, number>();
  #records = 0;
  #repeated = 0;
  #distinct = 0;
  #firstNumber: number | undefined;
  #lastNumber: number | undefined;
  #epoch = 0;
  #undecodable = 0;

  constructor(range: PartitionRange, findings: Findings, causes: CauseCheck) {
    this.#range = range;
    this.#findings = findings;
    this.#causes = causes;
    this.#fromStart = range.from === 0;
  }

  /** `read` is told how many records were read, batch by batch. */
  async run(log: EventLog, read: (records: number) => void): Promise<PartitionHistory> {
    const { topic, partition, from, to } = this.#range;
    for await (const records of log.read({ topic, partition }, from, to)) {
      const repetitions: Repetition[] = [];
      for (const record of records) {
        const repetition = this.#number(record);
        if (repetition) {
          this.#causes.noteAgain(this.#range, repetition.first);
          if (repetition.first !== undefined) repetitions.push({ record, first: repetition.first });
        } else await this.#event(record);
      }
      for (const together of inARow(repetitions)) await this.#compare(log, together);
      this.#records += records.length;
      read(records.length);
    }
    return {
      topic,
      partition,
      from,
      to,
      records: this.#records,
      repeated: this.#repeated,
      distinct: this.#distinct,
      firstNumber: this.#firstNumber,
      lastNumber: this.#lastNumber,
      streams: this.#versions.size,
      undecodable: this.#undecodable,
      counter: undefined,
      findings: this.#findings.of(this.#range),
    };
  }

  /** Defined when the number came before; `first` is where, unless that lies before the range. */
  #number({ offset, sequence }: LogRecord): { readonly first: number | undefined } | undefined {
    if (!this.#range.definition.sequenced) return undefined;
    if (!sequence) {
      this.#find('number-missing', offset, 'it carries no number, so its writer was not the relay of the owner');
      return undefined;
    }
    const { n, epoch } = sequence;
    const last = this.#lastNumber ?? (this.#fromStart ? 0 : n - 1);
    if (n <= last) {
      const first = this.#places.offsetOf(n);
      if (first === undefined && n >= (this.#firstNumber ?? 1)) {
        this.#find('number-late', offset, `it carries number ${String(n)} after ${String(last)}, and ${String(n)} did not come before`);
        this.#places.add(n, offset);
        this.#distinct += 1;
        return undefined;
      }
      this.#repeated += 1;
      return { first };
    }
    if (n > last + 1) this.#find('number-gap', offset, `it carries number ${String(n)} after ${String(last)}`);
    if (epoch < this.#epoch) this.#find('epoch-falls', offset, `it carries epoch ${String(epoch)} after ${String(this.#epoch)}`);
    this.#epoch = Math.max(this.#epoch, epoch);
    this.#firstNumber ??= n;
    this.#lastNumber = n;
    this.#distinct += 1;
    this.#places.add(n, offset);
    return undefined;
  }

  async #event(record: LogRecord): Promise<void> {
    let event: CloudEvent | undefined;
    try {
      event = decodeEvent(record.value);
    } catch (error) {
      this.#undecodable += 1;
      this.#find('undecodable', record.offset, error instanceof Error ? error.message : String(error));
    }
    this.#causes.note(this.#range, event ?? identityIn(record.value));
    if (!event) return;
    this.#place(record, event);
    this.#version(record.offset, event);
    const named = event.causeposition !== undefined || event.causationid.startsWith('request/') || isPosition(event);
    if (!named) this.#find('cause-unnamed', record.offset, `${event.type} names neither a request nor the place of its cause`);
    await this.#causes.check(this.#range, record.offset, event);
  }

  #place(record: LogRecord, event: CloudEvent): void {
    const { offset, key, type } = record;
    const owner = `instep/${this.#range.definition.owner}`;
    const topic = findEvent(event.type)?.topic;
    const ownKey = recordKey(event.tenant, event.subject);
    if (event.source !== owner) this.#find('wrong-owner', offset, `recorded by ${event.source}, but the topic belongs to ${owner}`);
    if (topic !== this.#range.topic) this.#find('wrong-topic', offset, `${event.type} belongs into the topic ${topic ?? '?'}`);
    if (type !== undefined && type !== event.type) this.#find('wrong-type', offset, `its header says ${type}, but it is ${event.type}`);
    if (key !== ownKey) this.#find('wrong-key', offset, `its key is ${key}, but its event belongs to ${ownKey}`);
    const partition = partitionOfKey(key, this.#range.partitions);
    if (partition !== this.#range.partition)
      this.#find('wrong-partition', offset, `its key ${key} belongs into partition ${String(partition)}`);
  }

  #version(offset: number, { type, tenant, subject, streamversion: version }: CloudEvent): void {
    if (!this.#range.definition.sequenced) return;
    if (version === undefined) {
      this.#find('version-missing', offset, `${type} of ${subject} has no stream version`);
      return;
    }
    const kind = findEvent(type)?.stream ?? '';
    const stream = `${tenant}\u0000${kind}\u0000${subject}`;
    const known = this.#versions.get(stream);
    const last = known ?? (this.#fromStart ? 0 : undefined);
    if (last !== undefined) {
      const said = `${type} of ${subject} has version ${String(version)} after ${String(last)}`;
      if (version <= last) this.#find('version-repeated', offset, said);
      else if (version > last + 1 && !sharedStreams.has(kind)) this.#find('version-gap', offset, said);
    }
    this.#versions.set(stream, Math.max(version, known ?? 0));
  }

  async #compare(log: EventLog, repetitions: readonly Repetition[]): Promise<void> {
    const { topic, partition } = this.#range;
    const first = repetitions[0]?.first ?? 0;
    let at = 0;
    for await (const originals of log.read({ topic, partition }, first, first + repetitions.length)) {
      for (const original of originals) {
        const repetition = repetitions[at]?.record;
        at += 1;
        if (!repetition || (repetition.value.equals(original.value) && repetition.key === original.key)) continue;
        const number = String(repetition.sequence?.n ?? 0);
        this.#find(
          'repetition-differs',
          repetition.offset,
          `it carries number ${number} as offset ${String(original.offset)} does, with other content`,
        );
      }
    }
  }

  #find(code: Parameters<Findings['add']>[0], offset: number, sentence: string): void {
    this.#findings.add(code, this.#range, offset, sentence);
  }
}

interface Repetition {
  readonly record: LogRecord;
  /** Offset of the record that it repeats. */
  readonly first: number;
}

/** Repetitions of records that lie one after the other. */
function inARow(repetitions: readonly Repetition[]): readonly (readonly Repetition[])[] {
  const rows: Repetition[][] = [];
  let expected = -1;
  for (const repetition of repetitions) {
    if (repetition.first !== expected) rows.push([]);
    rows.at(-1)?.push(repetition);
    expected = repetition.first + 1;
  }
  return rows;
}

/** The one event that nothing in the log caused and nobody asked for. */
function isPosition({ type }: CloudEvent): boolean {
  return findEvent(type)?.stream === 'position';
}
