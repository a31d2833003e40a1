/**
 * The log did not answer, or answered with an error that a later attempt may not meet. Whether records were stored is unknown.
 * Recognised by `code`.
 */
export class LogUnavailable extends Error {
  readonly code = 'log/unavailable';
  readonly transient = true;
}

/** The topic does not exist, or lacks the partition. Topics are made from the contracts, never on the fly. */
export class UnknownTopic extends Error {
  readonly code = 'log/unknown-topic';
  readonly transient = false;
}

/** A record is larger than the topic takes. It can never be stored as it is. */
export class RecordTooLarge extends Error {
  readonly code = 'log/record-too-large';
  readonly transient = false;
}

/**
 * A position that the log does not hold: behind the first offset kept, or ahead of its end (a log that lost records, or another log than
 * the one the position was taken from). Going on elsewhere would skip or repeat, so nobody guesses.
 */
export class OffsetOutOfRange extends Error {
  readonly code = 'log/offset-out-of-range';
  readonly transient = false;
}
