/** One thing that is not as promised. No personal data: it goes into logs. */
export interface Violation {
  /** Ids that lead to it, such as an order id. */
  readonly subject: string;
  readonly detail: string;
}

/** Asks the service's own database; the columns come as text, null where they are null. */
export type Ask = (sql: string, values?: readonly (string | null)[]) => Promise<readonly Readonly<Record<string, string | null>>[]>;

/** What must hold in a service's database at any moment, checked again and again while the service runs. */
export interface Invariant {
  /** Small letters and hyphens; a label of the metric. */
  readonly name: string;
  /** What is promised, as a sentence. */
  readonly promise: string;
  /** `violation` when absent. `warning`: nothing is wrong with the data, but somebody should look. */
  readonly severity?: Severity;
  /** Not checked while the department says that this part of it stands still, such as `relay`. */
  readonly suspendedBy?: string;
  readonly check: WholeCheck | RowsCheck | AskedCheck;
}

export type Severity = 'violation' | 'warning';

/** One query over everything it needs: for small tables, and for sums that have no parts. */
export interface WholeCheck {
  readonly kind: 'whole';
  /** Gives `subject` and `detail` of each violation. */
  readonly sql: string;
}

/** A query over some rows of a large table. All of them are gone through in slices. */
export interface RowsCheck {
  readonly kind: 'rows';
  readonly rows: WatchedRows;
  /** The query, given what stands in its FROM for the rows; these have all columns of the table. */
  sql(rows: string): string;
}

/** For what SQL alone cannot say. */
export interface AskedCheck {
  readonly kind: 'asked';
  find(ask: Ask): Promise<readonly Violation[]>;
}

export interface WatchedRows {
  /** With a column `tenant`, the first of its primary key. */
  readonly table: string;
  /** Columns of the primary key behind the tenant and behind what `of` fixes. What has equal values here is never cut apart. */
  readonly key: readonly string[];
  /** Only these rows, as a condition in SQL. */
  readonly of?: string;
  /** Rows that are new or changed since the time in `$1`, as a condition in SQL: checked each time, the whole table once a day. */
  readonly since?: string;
}
