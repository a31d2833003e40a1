import { createHash } from 'node:crypto';

import type { Made } from './history-folds.ts';
import type { FoldProof } from './history-manifest.ts';

/** Folded again in a fraction of a second, each time that a build begins. */
const MOST_RECORDS = 10_000;

export class FoldDigest {
  readonly #hash = createHash('sha256');
  #records = 0;

  /** What the next record made. Those behind the first ones do not count. */
  add(made: readonly Made[]): void {
    if (this.#records >= MOST_RECORDS) return;
    this.#records += 1;
    for (const { department, version } of made)
      this.#hash.update(JSON.stringify([this.#records, department, version.table, version.key, version.row]));
  }

  proof(): FoldProof {
    return { records: this.#records, sha256: this.#hash.copy().digest('hex') };
  }
}
