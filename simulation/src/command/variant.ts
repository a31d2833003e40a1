/** A world of a seed, made smaller. */
export interface Variant {
  /** Faults that the seed has and this world has not. */
  readonly without: readonly string[];
  /** At most so many orders; undefined: as many as the seed says. */
  readonly orders?: number;
}

export const asPlanned: Variant = { without: [] };
