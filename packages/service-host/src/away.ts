/** Of Node: the other side cannot be reached, or left. */
const NETWORK: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
]);

/** Of PostgreSQL: connection, resources, starting or stopping, time-out, not let in, database not there yet, locked, deadlock, standby. */
const SQLSTATE = /^(?:08...|53...|57P0.|57014|28...|3D000|55P03|40...|25006)$/;

/** Of pg, which gives these no code. */
const WITHOUT_CODE = /^(?:timeout exceeded|timeout expired|Connection terminated|Client has encountered a connection error)/i;

const DEEPEST_CAUSE = 5;

/** Whether the database or the log is away for now, so that the same may succeed later; looks at causes and gathered errors, too. */
export function isAway(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > DEEPEST_CAUSE) return false;
  const { transient, code, message, errors, cause } = error as {
    transient?: unknown;
    code?: unknown;
    message?: unknown;
    errors?: unknown;
    cause?: unknown;
  };
  if (transient === true || NETWORK.has(code)) return true;
  if (typeof code === 'string' && SQLSTATE.test(code)) return true;
  if (typeof message === 'string' && WITHOUT_CODE.test(message)) return true;
  if (Array.isArray(errors) && errors.length > 0 && errors.every((each) => isAway(each, depth + 1))) return true;
  return isAway(cause, depth + 1);
}
