import type { CloudEvent } from '@instep/contracts';
import type { EventLog, PartitionBounds, TopicPartition } from '@instep/event-log';

import { recordsAt } from '../records-at.ts';
import type { Findings } from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { GrownNumbers } from './grown-numbers.ts';
import { identityIn, type Identity } from './identity.ts';

/** What is known of a record that may be a cause: one row of two numbers. */
const ID = 0;
const RECORDED = 1;

interface Partition extends TopicPartition {
  /** The part of it that the check reads; empty when it is not in the range. */
  readonly from: number;
  readonly to: number;
  /** One row a record, from `from` on: fingerprint of the id, and when it was recorded. */
  readonly known: GrownNumbers;
}

/** A cause that could not be looked at yet. Columns of a row. */
const CAUSE_PARTITION = 0;
const CAUSE_OFFSET = 1;
const CAUSE_ID = 2;
const EFFECT_PARTITION = 3;
const EFFECT_OFFSET = 4;
const EFFECT_RECORDED = 5;
const columns = 6;

/** How many causes outside the range are collected before they are looked up together. */
const mostAbroad = 100_000;

/**
 * Whether the record that an event names as its cause exists, is the one it names, and was recorded before it. Keeps 16 bytes of each
 * record of the range, and looks up in the log what lies outside.
 */
export class CauseCheck {
  readonly #log: EventLog;
  readonly #findings: Findings;
  readonly #skewMs: number;
  readonly #partitions: Partition[] = [];
  readonly #byName = new Map<string, number>();
  /** In the range, but not read yet. */
  readonly #later = new GrownNumbers(columns);
  /** Outside the range. */
  readonly #abroad = new GrownNumbers(columns);
  #checked = 0;

  constructor(log: EventLog, findings: Findings, skewMs: number) {
    this.#log = log;
    this.#findings = findings;
    this.#skewMs = skewMs;
  }

  /** Causes compared so far. */
  get checked(): number {
    return this.#checked;
  }

  /** The check will read these records and give each of them to `note`, in order. */
  expect(target: TopicPartition, from: number, to: number): void {
    this.#byName.set(nameOf(target), this.#partitions.length);
    this.#partitions.push({ ...target, from, to, known: new GrownNumbers(2) });
  }

  /** The next record of a partition. Undefined when it cannot be read. */
  note(target: TopicPartition, event: Identity | undefined): void {
    const known = this.#partitions[this.#indexOf(target)]?.known;
    if (event === undefined) known?.push(0, Number.NaN);
    else known?.push(fingerprint(event.id), Date.parse(event.recordedtime));
  }

  /** The next record of a partition has the same bytes as an earlier one, or as one before the range. */
  noteAgain(target: TopicPartition, offset: number | undefined): void {
    const partition = this.#partitions[this.#indexOf(target)];
    if (!partition) return;
    const row = offset === undefined ? -1 : offset - partition.from;
    partition.known.push(partition.known.at(row, ID) || 0, partition.known.at(row, RECORDED));
  }

  /** Looks at the cause of an event, now or as soon as it can be seen. */
  async check(target: TopicPartition, offset: number, event: CloudEvent): Promise<void> {
    const { causeposition, causationid } = event;
    if (causeposition === undefined) return;
    const place = /^(?<topic>[^/]+)\/(?<partition>\d+)\/(?<offset>\d+)$/.exec(causeposition)?.groups;
    if (!place) {
      this.#findings.add('cause-unreadable', target, offset, `"${causeposition}" is not the place of a record`);
      return;
    }
    const cause = this.#indexOf({ topic: place.topic ?? '', partition: Number(place.partition) });
    // A copy of a parked record names the record by its place: its id may be unreadable.
    const id = causationid === causeposition ? 0 : fingerprint(causationid);
    const causeOffset = Number(place.offset);
    const row = [cause, causeOffset, id, this.#indexOf(target), offset, Date.parse(event.recordedtime)] as const;
    const partition = this.#partitions[cause];
    if (!partition || causeOffset < partition.from || causeOffset >= partition.to) {
      this.#abroad.push(...row);
      if (this.#abroad.rows >= mostAbroad) await this.#lookAbroad();
    } else if (causeOffset - partition.from >= partition.known.rows) this.#later.push(...row);
    else
      this.#compare(row, partition.known.at(causeOffset - partition.from, ID), partition.known.at(causeOffset - partition.from, RECORDED));
  }

  /** When all of the range is read. */
  async finish(): Promise<void> {
    for (let at = 0; at < this.#later.rows; at += 1) {
      const row = rowAt(this.#later, at);
      const partition = this.#partitions[row[CAUSE_PARTITION]];
      if (!partition) continue;
      const known = row[CAUSE_OFFSET] - partition.from;
      this.#compare(row, partition.known.at(known, ID), partition.known.at(known, RECORDED));
    }
    this.#later.clear();
    await this.#lookAbroad();
  }

  #indexOf(target: TopicPartition): number {
    const name = nameOf(target);
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const index = this.#partitions.length;
    this.#byName.set(name, index);
    this.#partitions.push({ ...target, from: 0, to: 0, known: new GrownNumbers(2) });
    return index;
  }

  async #lookAbroad(): Promise<void> {
    const rows = Array.from({ length: this.#abroad.rows }, (_, at) => rowAt(this.#abroad, at)).sort(
      (a, b) => a[CAUSE_PARTITION] - b[CAUSE_PARTITION] || a[CAUSE_OFFSET] - b[CAUSE_OFFSET],
    );
    this.#abroad.clear();
    for (const [index, ofPartition] of Map.groupBy(rows, (row) => row[CAUSE_PARTITION])) {
      const partition = this.#partitions[index];
      if (!partition) continue;
      const bounds = await this.#boundsOf(partition);
      const there = ofPartition.filter((row) => bounds && row[CAUSE_OFFSET] >= bounds.first && row[CAUSE_OFFSET] < bounds.next);
      for (const row of ofPartition) {
        if (bounds && row[CAUSE_OFFSET] >= bounds.first && row[CAUSE_OFFSET] < bounds.next) continue;
        this.#missing(row, bounds ? `the log holds ${String(bounds.first)} to ${String(bounds.next)}` : 'there is no such partition');
      }
      await this.#lookAt(partition, there);
    }
  }

  async #lookAt(target: TopicPartition, rows: readonly Row[]): Promise<void> {
    const at = Map.groupBy(rows, (row) => row[CAUSE_OFFSET]);
    for await (const record of recordsAt(this.#log, target, [...at.keys()])) {
      const event = identityIn(record.value);
      const [id, recorded] = event ? [fingerprint(event.id), Date.parse(event.recordedtime)] : [0, Number.NaN];
      for (const row of at.get(record.offset) ?? []) this.#compare(row, id, recorded);
    }
  }

  async #boundsOf({ topic, partition }: TopicPartition): Promise<PartitionBounds | undefined> {
    try {
      return (await this.#log.bounds(topic)).find((bounds) => bounds.partition === partition);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'log/unknown-topic') return undefined;
      throw error;
    }
  }

  #compare(row: Row, id: number, recorded: number): void {
    this.#checked += 1;
    const effect = this.#partitions[row[EFFECT_PARTITION]];
    const cause = this.#partitions[row[CAUSE_PARTITION]];
    if (!effect || !cause || row[CAUSE_ID] === 0) return;
    const place = `${nameOf(cause)}/${String(row[CAUSE_OFFSET])}`;
    if (id !== row[CAUSE_ID]) {
      this.#findings.add('cause-differs', effect, row[EFFECT_OFFSET], `at ${place}, where its cause should be, lies another record`);
    } else if (recorded > row[EFFECT_RECORDED] + this.#skewMs) {
      const ms = recorded - row[EFFECT_RECORDED];
      this.#findings.add('cause-later', effect, row[EFFECT_OFFSET], `its cause at ${place} was recorded ${String(ms)} ms after it`);
    }
  }

  #missing(row: Row, why: string): void {
    this.#checked += 1;
    const effect = this.#partitions[row[EFFECT_PARTITION]];
    const cause = this.#partitions[row[CAUSE_PARTITION]];
    if (!effect || !cause) return;
    const place = `${nameOf(cause)}/${String(row[CAUSE_OFFSET])}`;
    this.#findings.add('cause-missing', effect, row[EFFECT_OFFSET], `its cause should lie at ${place}, but ${why}`);
  }
}

type Row = readonly [number, number, number, number, number, number];

function rowAt(rows: GrownNumbers, at: number): Row {
  const value = (column: number): number => rows.at(at, column);
  return [
    value(CAUSE_PARTITION),
    value(CAUSE_OFFSET),
    value(CAUSE_ID),
    value(EFFECT_PARTITION),
    value(EFFECT_OFFSET),
    value(EFFECT_RECORDED),
  ];
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${String(partition)}`;
}
