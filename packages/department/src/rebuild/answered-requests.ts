import type { CloudEvent } from '@instep/contracts';
import { findEvent } from '@instep/contracts';

import type { RecordedEvent } from '../department.ts';
import type { AnsweredRequest } from '../store.ts';
import type { FoldTarget } from './folded-unit.ts';
import { emptyUnit } from './folded-unit.ts';
import { batchSize } from './log-reading.ts';

interface Answered {
  readonly tenant: string;
  readonly request: Omit<AnsweredRequest, 'answer'>;
  readonly events: RecordedEvent[];
}

/** Answers of requests, from the events that they caused. */
export class AnsweredRequests {
  readonly #answered = new Map<string, Answered>();

  note(event: CloudEvent): void {
    if (!event.causationid.startsWith('request/')) return;
    const cut = event.causationid.lastIndexOf('/');
    const key = event.causationid.slice('request/'.length, cut);
    const name = `${event.tenant}\u0000${key}`;
    const request = { key, hash: event.causationid.slice(cut + 1) };
    const known = this.#answered.get(name) ?? { tenant: event.tenant, request, events: [] };
    const stream = findEvent(event.type)?.stream ?? '';
    known.events.push({ id: event.id, type: event.type, stream, streamId: event.subject, version: event.streamversion ?? 0 });
    this.#answered.set(name, known);
  }

  /** Writes those that were noted since it was done last. */
  async store({ index, store }: FoldTarget): Promise<void> {
    const all = [...this.#answered.values()].map(({ tenant, request, events }) => ({
      tenant,
      ...request,
      answer: JSON.stringify({ kind: 'done', events: events.sort(asDecided) }),
    }));
    this.#answered.clear();
    for (let at = 0; at < all.length; at += batchSize) await store.commit({ ...emptyUnit(index), requests: all.slice(at, at + batchSize) });
  }
}

/** Ids rise in the order of decision; versions tell it within one stream only. */
function asDecided(a: RecordedEvent, b: RecordedEvent): number {
  return a.streamId === b.streamId && a.stream === b.stream ? a.version - b.version : a.id < b.id ? -1 : 1;
}
