import type { LogRecord } from '@instep/event-log';

import type { Mark } from '../job/job.ts';

/** Where a replay puts records. It can write to this one place and to nothing else: no outbox, no topic of the contracts, no vendor. */
export interface Sink {
  /** For sentences. */
  readonly name: string;
  /** Makes the target as it was at the mark; what a killed run wrote behind it goes, or is found again. */
  resume(mark: Mark): Promise<void>;
  write(records: readonly LogRecord[]): Promise<void>;
  /** Everything written so far survives a crash once this resolves, and is what the mark names. */
  flush(): Promise<Mark>;
  /** Gives the target its name. Called once all is written and flushed; may be called again after a crash. */
  finish(): Promise<void>;
  /** Removes what is not finished, where a program may. Gives what stays in a sentence without its full stop; `mark`: how far the replay came. */
  discard(mark: Mark): Promise<string | undefined>;
  close(): Promise<void>;
}
