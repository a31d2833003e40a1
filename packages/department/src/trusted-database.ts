import type { EventLog } from '@instep/event-log';

import { assertNotBehind, numbersBeyond } from './compare-with-log.ts';
import { StoreReplaced } from './faults.ts';
import type { Store } from './store.ts';

export interface TrustedDatabaseParts {
  readonly log: EventLog;
  readonly store: Store;
  /** Topics that the service owns and numbers. */
  readonly topics: readonly string[];
}

/** Resolves when the database is as new as the log. Rejects with DatabaseBehindLog, StoreUnavailable or LogUnavailable. */
export async function compareWithLog(parts: TrustedDatabaseParts): Promise<void> {
  await new TrustedDatabase(parts).incarnation();
}

/**
 * Whether the database that the store speaks to is as new as the log. What is decided on an older one contradicts what the log says already,
 * and an answer given on it is lost when it catches up. So nothing is decided before it was compared, and it is compared again whenever
 * another copy of the data may have taken its place.
 */
export class TrustedDatabase {
  readonly #parts: TrustedDatabaseParts;
  #trusted: string | undefined;
  #comparing: Promise<string> | undefined;

  constructor(parts: TrustedDatabaseParts) {
    this.#parts = parts;
  }

  /**
   * The incarnation that may be worked on. Compares it with the log unless that was done since the last doubt. Rejects with
   * DatabaseBehindLog, StoreUnavailable or LogUnavailable.
   */
  async incarnation(): Promise<string> {
    if (this.#trusted !== undefined) return this.#trusted;
    this.#comparing ??= this.#compare();
    try {
      return (this.#trusted = await this.#comparing);
    } finally {
      this.#comparing = undefined;
    }
  }

  /** The store spoke to another copy than the one that was compared. */
  doubt(): void {
    this.#trusted = undefined;
  }

  async #compare(): Promise<string> {
    const { log, store, topics } = this.#parts;
    const before = await store.inspect();
    // First what the log holds, then what was given out: another process of the service may be sending meanwhile.
    const highest = await numbersBeyond(log, topics, before.ledger);
    const { incarnation, ledger } = await store.inspect();
    if (incarnation !== before.incarnation) throw new StoreReplaced('another database came while this one was compared with the log');
    assertNotBehind(highest, ledger);
    return incarnation;
  }
}
