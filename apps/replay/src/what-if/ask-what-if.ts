import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { topics as contractTopics, type CloudEvent, type ServiceName } from '@instep/contracts';
import type { DepartmentDefinition } from '@instep/department';
import { exportLog } from '@instep/lake/log';

import { departments } from '../departments.ts';
import type { OffsetRange } from '../selection/selection.ts';
import type { Source } from '../source/source.ts';
import { compareTables, compareWithHistory, eventsOf, type Faithfulness, type TableDifference } from './compare-played.ts';
import { effectsOf, type Effect } from './effects.ts';
import { readHistory } from './history.ts';
import { changesOf, unchanged, type Setting } from './rules.ts';
import { play, type Played } from './stage.ts';
import { assertRemovable } from './wanted.ts';

export interface WhatIf {
  readonly settings: readonly Setting[];
  /** Ids and keys of what came from outside. */
  readonly removed: readonly string[];
  readonly added: readonly CloudEvent[];
  /** Other versions of departments. */
  readonly departments: ReadonlyMap<ServiceName, DepartmentDefinition>;
}

export interface Answer {
  /** Records of history that were read. */
  readonly read: number;
  readonly faithfulness: Faithfulness;
  readonly tables: readonly TableDifference[];
  /** Events by type, where their number differs. */
  readonly events: readonly { readonly type: string; readonly was: number; readonly is: number }[];
  readonly effects: readonly Effect[];
  readonly refused: Played['refused'];
  /** Lakes with both histories. */
  readonly lakes: { readonly was: string; readonly is: string };
}

export interface AskParts {
  readonly source: Source;
  readonly ranges: readonly OffsetRange[];
  /** Where both histories are put, as lakes. */
  readonly folder: string;
  /** Told what is done, how far it is, and of how much. */
  progress?(what: 'reading' | 'as it was' | 'what if', done: number, of: number): void;
}

/**
 * Plays history twice, as it was and with the changes, and says what differs. The first tells apart what follows from the changes from what
 * does not: it must give what was recorded.
 */
export async function askWhatIf(whatIf: WhatIf, { source, ranges, folder, progress }: AskParts): Promise<Answer> {
  const size = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  let read = 0;
  const history = await readHistory(source.log, ranges, (records) => progress?.('reading', (read += records), size));
  assertRemovable(history, whatIf.removed);
  const inputs = inputsOf(ranges);
  const was = await play({
    ...{ history, definitions: departments(), changes: unchanged },
    progress: (done) => progress?.('as it was', done, inputs),
  });
  const is = await play({
    ...{
      history,
      definitions: new Map([...departments(), ...whatIf.departments]),
      replaced: new Set(whatIf.departments.keys()),
      readAt: was.readAt,
    },
    changes: changesOf({ settings: whatIf.settings, removed: new Set(whatIf.removed), added: whatIf.added }),
    progress: (done) => progress?.('what if', done, inputs),
  });
  const lakes = { was: join(folder, 'as-it-was'), is: join(folder, 'what-if') };
  for (const [played, lake] of [
    [was, lakes.was],
    [is, lakes.is],
  ] as const) {
    mkdirSync(lake, { recursive: true });
    await exportLog(lake, played.log, Object.keys(contractTopics));
  }
  return {
    read,
    faithfulness: compareWithHistory(history, was),
    tables: compareTables(was, is),
    events: countedTypes(was, is),
    effects: await effectsOf(lakes.was, lakes.is),
    refused: is.refused.filter(({ asked }) => !was.refused.some((other) => other.asked === asked)),
    lakes,
  };
}

/** What departments will be given: each record as often as somebody listens to its topic. */
function inputsOf(ranges: readonly OffsetRange[]): number {
  const listening = [...departments().values()].flatMap(({ topics }) => topics as readonly string[]);
  return ranges.reduce((sum, { topic, from, to }) => sum + (to - from) * listening.filter((each) => each === topic).length, 0);
}

function countedTypes(was: Played, is: Played): Answer['events'] {
  const [before, after] = [countsOf(was), countsOf(is)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((type) => ({ type, was: before.get(type) ?? 0, is: after.get(type) ?? 0 }))
    .filter(({ was: one, is: other }) => one !== other);
}

function countsOf(played: Played): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of eventsOf(played)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
