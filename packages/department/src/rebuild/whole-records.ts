import type { Sequence } from '@instep/event-log';

interface Epoch {
  /** Every serial up to this one was seen. */
  whole: number;
  highest: number;
  /** What is to be done with records that came while earlier ones were missing. */
  readonly waiting: Map<number, () => void>;
}

/**
 * Tells what the log holds of what a service recorded without anything missing before it. A relay sends to several partitions at once; when
 * it and its database die in the middle, one partition lacks what another one has. What was recorded behind such a hole may not be taken as
 * proof of what was recorded before it.
 */
export class WholeRecords {
  readonly #epochs = new Map<number, Epoch>();

  /** Does `then` as soon as all that was recorded before in its epoch is there: at once, which is true then, later or never. Each record once. */
  add(sequence: Sequence | undefined, then: () => void): boolean {
    // Records from before there was a count.
    if (sequence?.serial === undefined) {
      then();
      return true;
    }
    const { epoch: name, serial } = sequence;
    const epoch = this.#epochs.get(name) ?? { whole: 0, highest: 0, waiting: new Map() };
    this.#epochs.set(name, epoch);
    epoch.highest = Math.max(epoch.highest, serial);
    epoch.waiting.set(serial, then);
    while (goOn(epoch));
    return serial <= epoch.whole;
  }

  /** The highest count of an epoch. */
  highest(epoch: number): number {
    return this.#epochs.get(epoch)?.highest ?? 0;
  }

  /** How many records of the newest epoch are missing before others that are there. Those of older ones were decided again when it began. */
  missing(): number {
    const epoch = this.#epochs.get(Math.max(0, ...this.#epochs.keys()));
    return epoch ? epoch.highest - epoch.whole - epoch.waiting.size : 0;
  }
}

/** Does what waits for the next record, when that is there. */
function goOn(epoch: Epoch): boolean {
  const next = epoch.waiting.get(epoch.whole + 1);
  if (!next) return false;
  epoch.whole += 1;
  epoch.waiting.delete(epoch.whole);
  next();
  return true;
}
