import type { EventLog } from '../event-log.ts';

/** The reading half of the log. Whoever is given this alone can neither write nor join a group. Suite: `describeLogReader` in `./conformance`. */
export type LogReader = Pick<EventLog, 'bounds' | 'read'>;
