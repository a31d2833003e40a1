/** Orders `from` up to `from` + `count`: at a fixed rate, or so many at once and as fast as they are answered. */
export type LoadOrder =
  | { readonly kind: 'rate'; readonly from: number; readonly count: number; readonly perSecond: number }
  | { readonly kind: 'flood'; readonly from: number; readonly count: number; readonly atOnce: number };

/** Times in milliseconds since 1970. */
export interface LoadResult {
  readonly begun: number;
  readonly ended: number;
  /** When each was to be sent. */
  readonly sent: readonly number[];
  /** From then until the answer. */
  readonly answerMs: readonly number[];
  /** Not answered with 200. */
  readonly refused: number;
}
