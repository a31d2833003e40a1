import { RowRejected, StoreConflict, StoreUnavailable } from '@instep/department';
import pg from 'pg';

/** Raised by `instep_require` when fewer rows were changed than a unit named: one of them had moved. */
const MOVED = 'IN409';

const UNIQUE_VIOLATION = '23505';

/** 08 connection, 53 resources, 57P0x shutdown, 57014 time-out, 58 system, 25 session or standby, 28 and 3D not to be let in, 0A000 a plan from before a migration. */
const UNAVAILABLE = /^(?:08|53|57P0|57014|58|55P03|25|28|3D|40003|0A000)/u;
const CONFLICT = new RegExp(`^(?:40|${MOVED})`, 'u');
/** 21 cardinality, 22 data, 23 constraint, 54 a limit such as the size of a key, P0001 a trigger that says no. */
const REJECTED = /^(?:21|22|23|54|P0001)/u;

/**
 * What an error of the driver means to the caller. A defect (a statement that PostgreSQL does not understand, a fault of our own code)
 * comes back as it is.
 */
export function faultOf(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    const { code = '', message } = error;
    if (CONFLICT.test(code)) return new StoreConflict(message, { cause: error });
    if (UNAVAILABLE.test(code)) return new StoreUnavailable(message, { cause: error });
    if (REJECTED.test(code)) return new RowRejected(message, { cause: error });
    return error;
  }
  if (error instanceof StoreUnavailable || isDefect(error)) return error;
  // A host with several addresses that are all dead rejects with an error without a message.
  const message = error instanceof Error ? error.message : String(error);
  return new StoreUnavailable(message === '' ? 'the database does not answer' : message, { cause: error });
}

/** A row that was there already: of a primary key it means that somebody else was first, of another key that the value is refused. */
export function isUniqueViolation(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION;
}

/** Everything else that is no answer of the server is a connection that broke, could not be had, or stayed silent too long. */
function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError || error instanceof SyntaxError;
}
