import type { LogReader } from '@instep/event-log';

import type { OutboxRow, Position } from '../store.ts';
import { AnsweredRequests } from './answered-requests.ts';
import type { FoldTarget } from './folded-unit.ts';
import { DecidedInputs } from './decided-inputs.ts';
import { ForeignTopics } from './foreign-topics.ts';
import type { ReadPosition } from './log-reading.ts';
import { OwnTopics } from './own-topics.ts';
import { ParkStory } from './park-story.ts';
import { StateTables } from './state-tables.ts';
import { ToldPositions } from './told-positions.ts';
import { WholeRecords } from './whole-records.ts';

export interface LogFoldParts extends FoldTarget {
  readonly log: LogReader;
  progress?(done: number, total: number): void;
}

/** The steps of folding the log into a database, in the order in which they have to be taken. */
export class LogFold {
  readonly #parts: LogFoldParts;
  readonly #own: OwnTopics;
  readonly #foreign: ForeignTopics;
  readonly #tables = new StateTables();
  readonly #requests = new AnsweredRequests();
  readonly #whole = new WholeRecords();
  readonly #told = new ToldPositions();
  readonly #park = new ParkStory();
  readonly #behind = new DecidedInputs();
  /** Ids of events that somebody wants to know to be in the log. */
  readonly #awaited = new Set<string>();
  #folded = 0;
  #total = 0;

  constructor(parts: LogFoldParts) {
    this.#parts = parts;
    const counted = {
      found: (records: number) => {
        this.#total += records;
      },
      passed: (records: number) => {
        this.#folded += records;
        parts.progress?.(this.#folded, this.#total);
      },
    };
    this.#own = new OwnTopics({
      ...parts,
      ...counted,
      noted: (event, sequence) => {
        this.#awaited.delete(event.id);
        this.#requests.note(event);
        const whole = this.#whole.add(sequence, () => {
          this.#told.note(event);
          this.#park.note(event);
          this.#behind.takeBack(event);
        });
        if (!whole) this.#behind.note(event);
      },
      changed: (streams) => {
        this.#tables.changed(streams);
      },
    });
    this.#foreign = new ForeignTopics({ ...parts, ...counted, park: this.#park });
  }

  /** Folds what the service recorded itself. */
  async ownTopics(): Promise<void> {
    await this.#own.read();
  }

  /**
   * The same, and then those of these rows of an outbox that the log does not hold: they are folded and are to be sent. `ids`: the events'
   * own, in the order of the rows. Resolves with how many were carried over.
   */
  async ownTopicsAnd(unsent: readonly OutboxRow[], ids: readonly string[]): Promise<number> {
    for (const id of ids) this.#awaited.add(id);
    await this.#own.read();
    return await this.#own.carryOver(unsent.filter((_, at) => this.#awaited.has(ids[at] ?? '')));
  }

  /** Writes what follows from own events: rows of state tables, numbers, answers. Resolves with the epoch. */
  async writeOwn(numbers: { readonly raiseEpoch: boolean; readonly above?: number }): Promise<number> {
    await this.#tables.write(this.#parts);
    const epoch = await this.#storeNumbers(numbers);
    await this.#requests.store(this.#parts);
    return epoch;
  }

  /** Folds what others recorded, up to where the service had read, and at least up to these positions. */
  async foreignTopics(atLeast: readonly ReadPosition[], told: 'reached' | 'certain' = 'reached'): Promise<void> {
    await this.#foreign.redrive(this.#park.takeRedriven());
    const reached = told === 'reached' ? this.#told.reached() : this.#told.certain();
    for (const [name, nextOffset] of reached) {
      const cut = name.lastIndexOf('/');
      await this.#foreign.readTo({ topic: name.slice(0, cut), partition: Number(name.slice(cut + 1)), nextOffset });
    }
    await this.#foreign.name();
    for (const position of atLeast) await this.#foreign.readTo(position);
  }

  /** Inputs behind those of which something is missing, whose events are all in the log. */
  decided(): DecidedInputs {
    return this.#behind;
  }

  async passPositions(): Promise<void> {
    await this.#foreign.passPositions();
  }

  positions(): readonly Position[] {
    return this.#foreign.positions();
  }

  folded(): number {
    return this.#folded;
  }

  missing(): number {
    return this.#whole.missing();
  }

  /** The relay goes on after the last number that the log holds. In a new epoch all is counted from 1 again, but for the partitions. */
  async #storeNumbers({ raiseEpoch, above = 0 }: { readonly raiseEpoch: boolean; readonly above?: number }): Promise<number> {
    const lease = await this.#parts.store.outbox.lease();
    if (!lease) throw new Error('another process writes to the database that is being rebuilt');
    try {
      const ledger = await lease.ledger();
      const readings = this.#own.readings();
      const counters = readings.filter(({ sequence }) => sequence.n > 0).map(({ target, sequence }) => ({ ...target, n: sequence.n }));
      const newest = Math.max(ledger.epoch, above, ...readings.map(({ sequence }) => sequence.epoch));
      const epoch = raiseEpoch ? newest + 1 : newest;
      await lease.allot({ ...ledger, epoch, serial: this.#whole.highest(epoch), counters, inFlight: [] });
      return epoch;
    } finally {
      await lease.release();
    }
  }
}
