export type FindingCode =
  | 'missing-file'
  | 'damaged-file'
  | 'extra-file'
  | 'wrong-manifest'
  | 'wrong-rows'
  | 'gap-in-numbers'
  | 'log-disagrees'
  | 'table-disagrees'
  | 'no-table'
  | 'no-event'
  | 'unknown-event';

export interface Finding {
  readonly code: FindingCode;
  /** What is wrong with the lake; a note is worth knowing and wrong in the log, not here. */
  readonly kind: 'wrong' | 'note';
  /** Names the file or the place, says what is wrong and what to do. */
  readonly sentence: string;
}
