/** The database did not answer or asked to try again. A commit may have happened: load before deciding again. */
export class StoreUnavailable extends Error {
  readonly code: string = 'store/unavailable';
  readonly transient = true;
}

/**
 * Another copy of the data may have taken the place of the one that was trusted: a server that restarted, another one, a database that was
 * restored. Nothing was read or written. Compare it with the log, trust it, and load again.
 */
export class StoreReplaced extends StoreUnavailable {
  override readonly code = 'store/replaced';
}

/** A version or position moved since it was loaded. Nothing was written. */
export class StoreConflict extends Error {
  readonly code = 'store/conflict';
  readonly transient = true;
}

/** The database refuses a value (type, range, constraint). The same unit fails again; nothing was written. */
export class RowRejected extends Error {
  readonly code = 'store/row-rejected';
  readonly transient = false;
}
