import type { CloudEvent, TopicName } from '@instep/contracts';
import { topics } from '@instep/contracts';

import type { Invariant } from '../evidence.ts';
import { seenEvents } from './seen-log.ts';

export const causesActOnce: Invariant = {
  id: 'INV-6',
  promise: 'A department acts once on each event and request: all that one of them led to was recorded in one unit of work.',
  async check(evidence) {
    const recorded = new Map<string, string>();
    const faults: string[] = [];
    for (const { name, sequenced } of Object.values(topics) as readonly { name: TopicName; sequenced: boolean }[]) {
      if (!sequenced || name.startsWith('dead-letters')) continue;
      for (const event of seenEvents(evidence, name)) {
        const { source, type, subject, tenant, recordedtime } = event;
        const cause = `${source} ${tenant} ${causeOf(event)}`;
        const before = recorded.get(cause);
        if (before === undefined) recorded.set(cause, recordedtime);
        else if (before !== recordedtime)
          faults.push(`${source} acted on ${causeOf(event)} at ${before} and again at ${recordedtime} (${type} of ${subject})`);
      }
    }
    return faults;
  },
};

/** A raw record may lie in the log twice, and whoever reads it decides by what it says; each of the two is a cause of its own. */
function causeOf({ causationid, causeposition }: CloudEvent): string {
  return causeposition?.startsWith('raw.') ? causeposition : causationid;
}
