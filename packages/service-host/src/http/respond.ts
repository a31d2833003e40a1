import type { Outcome, RecordedEvent } from '@instep/department';

import { Refused } from './problem.ts';

/**
 * Body of the answer to a command. Of a repeated request it gets the events of the first one, so that ids come out the same.
 * A refusal is thrown and becomes a problem document.
 */
export function respond<Body>(outcome: Outcome, body: (events: readonly RecordedEvent[]) => Body): Body {
  if (outcome.kind === 'refused') throw new Refused(outcome.refusal);
  return body(outcome.events);
}
