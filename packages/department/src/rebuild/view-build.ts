import { decodeEvent, findEvent, type TopicName } from '@instep/contracts';
import type { LogReader } from '@instep/event-log';

import type { DepartmentDefinition } from '../department-definition.ts';
import { indexDepartment } from '../department-index.ts';
import { StoreConflict } from '../faults.ts';
import type { Projection } from '../projection.ts';
import { saysDeadLetter, saysRedriven } from '../runtime-streams.ts';
import type { Position, Store } from '../store.ts';
import { ForeignTopics } from './foreign-topics.ts';
import type { ReadPosition } from './log-reading.ts';
import { OwnTopics } from './own-topics.ts';
import { ParkStory } from './park-story.ts';
import { StateTables } from './state-tables.ts';

export interface ViewBuildParts {
  readonly definition: DepartmentDefinition;
  /** Name of the one table that is built. */
  readonly table: string;
  readonly log: LogReader;
  /** A store of its own, beside the live one: empty, or left by an earlier build of the same table. */
  readonly store: Store;
  /** Called after every batch: events folded so far and events to fold as far as known. What it throws ends the build. */
  progress?(done: number, total: number): void;
}

export interface ViewBuild {
  /**
   * Folds what the log has beyond what was folded before, up to these positions of other owners' topics and to the end of its own. Without
   * positions to the end of all.
   */
  advance(to?: readonly ReadPosition[]): Promise<void>;
  /** How far it is in what others record. */
  positions(): readonly Position[];
}

/**
 * One table of a department, folded from the log by the code at hand: the next version of a view, beside the one that is served. Its positions
 * lie in its own store, in the same transactions as its rows, so that it goes on where it was killed. Nothing is decided and nothing sent.
 */
export async function viewBuild({ definition, table, ...parts }: ViewBuildParts): Promise<ViewBuild> {
  const alone = definitionOf(definition, table);
  const index = indexDepartment(alone);
  const { log, store } = parts;
  const park = new ParkStory();
  const tables = new StateTables();
  let [folded, total] = [0, 0];
  const counted = {
    found: (records: number) => {
      total += records;
    },
    passed: (records: number) => {
      folded += records;
      parts.progress?.(folded, total);
    },
  };
  const own = needsOwnEvents(alone)
    ? new OwnTopics({ ...counted, index, log, store, keepsPositions: true, noted: () => {}, changed: (streams) => tables.changed(streams) })
    : undefined;
  const foreign = new ForeignTopics({ ...counted, index, log, store, park });
  await own?.resume();
  await foreign.resume();
  return {
    async advance(to) {
      await notePark(park, definition, log);
      await own?.read();
      if (own) await tables.write({ index, store });
      await foreign.redrive(park.takeRedriven());
      const positions = (to ?? (await endsOf(log, alone))).filter(({ topic }) => alone.topics.includes(topic as TopicName));
      await readSideBySide(foreign, positions);
    },
    positions: () => foreign.positions(),
  };
}

/**
 * Partitions side by side: one is folded while the database works on another. Where two of them met in a row, everything that was not written
 * is read again, one partition after the other.
 */
async function readSideBySide(foreign: ForeignTopics, positions: readonly ReadPosition[]): Promise<void> {
  const ended = await Promise.allSettled(positions.map((position) => foreign.readTo(position)));
  const failed = ended.filter((end) => end.status === 'rejected');
  if (failed.length === 0) return;
  for (const { reason } of failed) if (!(reason instanceof StoreConflict)) throw reason;
  await foreign.resume();
  for (const position of positions) await foreign.readTo(position);
}

/** The department as if it had this one table and decided nothing. */
function definitionOf(definition: DepartmentDefinition, table: string): DepartmentDefinition {
  const projection = definition.projections.find((each) => each.table.name === table);
  if (!projection) throw new Error(`${definition.service} has no table "${table}"`);
  const needed = new Set<string>(typesOf(projection).map((type) => findEvent(type)?.topic ?? ''));
  return {
    ...definition,
    consumer: `view/${table}`,
    topics: definition.topics.filter((topic) => needed.has(topic)),
    reactions: [],
    projections: [projection],
  };
}

function needsOwnEvents({ service, projections: [projection] }: DepartmentDefinition): boolean {
  if (projection === undefined) return false;
  return projection.kind === 'state' || typesOf(projection).some((type) => findEvent(type)?.owner === service);
}

function typesOf(projection: Projection): readonly string[] {
  return projection.kind === 'state' ? [] : Object.keys(projection.on);
}

/** What the service parked is not in its tables, and so not in this one. */
async function notePark(park: ParkStory, { service }: DepartmentDefinition, log: LogReader): Promise<void> {
  const topic = findEvent(`${service}.dead-letter`)?.topic;
  if (topic === undefined) return;
  for (const { partition, next } of await log.bounds(topic)) {
    for await (const records of log.read({ topic, partition }, 0, next)) {
      for (const { type, value } of records)
        if (type !== undefined && (saysDeadLetter({ type }) || saysRedriven({ type }))) park.note(decodeEvent(value));
    }
  }
}

async function endsOf(log: LogReader, { topics }: DepartmentDefinition): Promise<readonly ReadPosition[]> {
  const ends: ReadPosition[] = [];
  for (const topic of topics) for (const { partition, next } of await log.bounds(topic)) ends.push({ topic, partition, nextOffset: next });
  return ends;
}
