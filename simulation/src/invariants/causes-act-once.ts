import type { TopicName } from '@instep/contracts';
import { topics } from '@instep/contracts';

import type { Evidence, Invariant } from '../evidence.ts';
import { seenEvents } from './seen-log.ts';

/** All that a department recorded of one cause at one time. */
interface Act {
  readonly recordedtime: string;
  /** The first event of it, in words. */
  readonly first: string;
  events: number;
  /** How many there were to be, if the event that says so is in the log. */
  of: number | undefined;
}

interface Cause {
  readonly name: string;
  readonly service: string;
  readonly acts: Act[];
}

export const causesActOnce: Invariant = {
  id: 'INV-6',
  promise:
    'A department acts once on each event and request: all that one of them led to was recorded in one unit of work. Only what was lost with a database is recorded again.',
  async check(evidence) {
    return [...causesOf(evidence)].flatMap(({ name, service, acts }) => {
      const [first, ...again] = acts;
      if (!first || again.length === 0 || (restored(evidence, service) && acts.filter(isWhole).length <= 1)) return [];
      return again.map((act) => `${service} acted on ${name} at ${first.recordedtime} and again at ${act.recordedtime} (${act.first})`);
    });
  },
};

function causesOf(evidence: Evidence): Iterable<Cause> {
  const causes = new Map<string, Cause>();
  for (const { name, sequenced } of Object.values(topics) as readonly { name: TopicName; sequenced: boolean }[]) {
    if (!sequenced || name.startsWith('dead-letters')) continue;
    for (const { source, type, subject, tenant, causationid, causeposition, causeend, recordedtime } of seenEvents(evidence, name)) {
      const what = hasNumbers(causeposition) ? causationid : (causeposition ?? causationid);
      const key = `${source} ${tenant} ${what}`;
      const cause = causes.get(key) ?? { name: causationid, service: source, acts: [] };
      causes.set(key, cause);
      const known = cause.acts.find((act) => act.recordedtime === recordedtime);
      if (known) {
        known.events += 1;
        known.of ??= causeend;
      } else {
        cause.acts.push({ recordedtime, first: `${type} of ${subject}`, events: 1, of: causeend });
      }
    }
  }
  return causes.values();
}

/** Nothing of it was lost with a database. */
function isWhole({ events, of }: Act): boolean {
  return events === of;
}

/** A webhook that was appended twice is there twice, since raw topics carry no numbers: each is acted on, the second mostly without effect. */
function hasNumbers(causeposition: string | undefined): boolean {
  const topic = causeposition?.slice(0, causeposition.indexOf('/'));
  return Object.values(topics).some(({ name, sequenced }) => name === topic && sequenced);
}

function restored(evidence: Evidence, source: string): boolean {
  return [...evidence.services.values()].some(({ service, restores }) => source === `instep/${service}` && restores > 0);
}
