/** What a fault may not do, counted; and in words, for whoever must find out why. */
export interface Verdict {
  /** Acknowledged orders that a department does not have. */
  readonly lost: number;
  /** Effects that are there more than once. */
  readonly doubled: number;
  /** Units set aside or gone that were never there. */
  readonly oversold: number;
  /** Journals that do not add up to zero, and orders whose accounts are not as they must be. */
  readonly unbalanced: number;
  /** What the log shows that must not be: gaps, numbers or versions out of order, causes missing. */
  readonly reordered: number;
  /** Orders that did not come to their end, keys that are parked, departments that did not settle. */
  readonly stuck: number;
  readonly details: readonly string[];
}

export type Failing = keyof Omit<Verdict, 'details'>;

export const failings: readonly Failing[] = ['lost', 'doubled', 'oversold', 'unbalanced', 'reordered', 'stuck'];

const mostDetails = 40;

/** Gathers what is found. */
export class Findings {
  readonly #counts: Record<Failing, number> = { lost: 0, doubled: 0, oversold: 0, unbalanced: 0, reordered: 0, stuck: 0 };
  readonly #details: string[] = [];

  add(failing: Failing, count: number, detail: string): void {
    if (count <= 0) return;
    this.#counts[failing] += count;
    if (this.#details.length < mostDetails) this.#details.push(`${failing}: ${detail}`);
  }

  verdict(): Verdict {
    return { ...this.#counts, details: this.#details };
  }
}
