import type { TopicName } from '@instep/contracts';
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
      for (const { source, type, subject, tenant, causationid, recordedtime } of seenEvents(evidence, name)) {
        const cause = `${source} ${tenant} ${causationid}`;
        const before = recorded.get(cause);
        if (before === undefined) recorded.set(cause, recordedtime);
        else if (before !== recordedtime)
          faults.push(`${source} acted on ${causationid} at ${before} and again at ${recordedtime} (${type} of ${subject})`);
      }
    }
    return faults;
  },
};
