import type { Command } from '@instep/decider';
import type { LogRecord, Sequence } from '@instep/event-log';

import type { Outcome, RequestContext } from './department.ts';
import type { IncomingEvent } from './incoming-event.ts';
import type { Cause } from './stamp-event.ts';

/** A record to be applied. `redriven`: it comes from the park, where it has this number. */
export interface RecordItem {
  readonly record: LogRecord;
  readonly redriven?: number;
  /** Its bytes are not the parked ones: who mended them and why. */
  readonly note?: string | undefined;
  /** What it leads to is in the log already: it is folded, and nothing is decided. */
  readonly decided?: boolean;
  /** Decoded once, however many passes it takes. */
  prepared?: Prepared;
}

export type Prepared =
  | { readonly kind: 'skip' }
  | { readonly kind: 'unfit'; readonly code: string; readonly reason: string }
  | {
      readonly kind: 'event';
      readonly event: IncomingEvent;
      readonly cause: Cause;
      /** The span that recorded the event. */
      readonly traceparent: string | undefined;
      /** Commands of reactions that read no view: they depend on the event alone. */
      commands: readonly Command[] | undefined;
    };

export interface RequestItem {
  readonly command: Command;
  readonly request: RequestContext;
  /** Asked by the runtime itself: the answer is not kept. */
  readonly internal?: true;
}

/** How a record ended in a pass. */
export type RecordEnd =
  { readonly kind: 'applied' } | { readonly kind: 'skipped' } | { readonly kind: 'parked'; readonly code: string; readonly reason: string };

export type RequestEnd = { readonly kind: 'answered'; readonly outcome: Outcome } | { readonly kind: 'failed'; readonly error: Error };

export const noSequence: Sequence = { epoch: 0, n: 0 };
