import { decodeEvent, topics as contractTopics, type CloudEvent } from '@instep/contracts';
import { OrderedFold, ownTopics, saysRedriven, type ParkStory, type RowVersion } from '@instep/department';
import type { LogReader, LogRecord } from '@instep/event-log';

import type { KeptDepartment } from './departments.ts';
import type { StateFile } from './fold-state.ts';
import type { Reached } from './order-of-knowledge.ts';
import { parkedBy } from './parked-records.ts';

/** The versions that one record made, and of which department. */
export interface Made {
  readonly department: string;
  readonly version: RowVersion;
}

interface Folding {
  readonly service: string;
  readonly fold: OrderedFold;
  readonly own: ReadonlySet<string>;
  readonly foreign: ReadonlySet<string>;
  readonly park: ParkStory;
}

export interface FoldsParts {
  readonly departments: readonly KeptDepartment[];
  readonly state: StateFile;
  readonly log: LogReader;
  /** Up to where the state was folded before. */
  readonly folded: Reached;
  readonly withGaps: boolean;
}

/** All departments side by side, each folding what concerns it. */
export class HistoryFolds {
  readonly #foldings: readonly Folding[];
  readonly #log: LogReader;

  private constructor(foldings: readonly Folding[], log: LogReader) {
    this.#foldings = foldings;
    this.#log = log;
  }

  static async open({ departments, state, log, folded, withGaps }: FoldsParts): Promise<HistoryFolds> {
    const foldings: Folding[] = [];
    for (const { definition } of departments) {
      const { service, topics } = definition;
      foldings.push({
        service,
        fold: new OrderedFold({ definition, state: state.of(service), withGaps }),
        own: new Set(ownTopics(service)),
        foreign: new Set<string>(topics),
        park: await parkedBy(definition, log, folded),
      });
    }
    return new HistoryFolds(foldings, log);
  }

  async fold(record: LogRecord, event: CloudEvent | undefined): Promise<readonly Made[]> {
    const made: Made[] = [];
    for (const { service, fold, own, foreign, park } of this.#foldings) {
      const add = (versions: readonly RowVersion[]): void => {
        for (const version of versions) made.push({ department: service, version });
      };
      if (event !== undefined && own.has(record.topic)) {
        add(fold.own(event));
        if (saysRedriven(event)) add(await this.#redriven(fold, event));
      }
      if (event !== undefined && foreign.has(record.topic) && park.of(record).kind === 'applied') add(fold.foreign(event));
    }
    return made;
  }

  /** A parked record that was applied after all, in other bytes perhaps. */
  async #redriven(fold: OrderedFold, event: CloudEvent): Promise<readonly RowVersion[]> {
    const { topic, partition, offset, value } = event.data as Redriven;
    if (value !== '') return fold.foreign(decodeEvent(Buffer.from(value, 'base64')));
    for await (const [record] of this.#log.read({ topic, partition }, offset, offset + 1))
      if (record) return fold.foreign(decodeEvent(record.value));
    return [];
  }
}

interface Redriven {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

/** Every topic from which a table of these departments follows. */
export function topicsOf(departments: readonly KeptDepartment[]): readonly string[] {
  const named = new Set<string>(departments.flatMap(({ definition }) => [...ownTopics(definition.service), ...definition.topics]));
  return Object.keys(contractTopics).filter((topic) => named.has(topic));
}
