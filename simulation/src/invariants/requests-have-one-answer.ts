import type { CloudEvent, TopicName } from '@instep/contracts';
import { topics } from '@instep/contracts';
import type { Outcome } from '@instep/department';

import type { Evidence, Invariant, RequestEvidence } from '../evidence.ts';
import { seenEvents } from './seen-log.ts';

export const requestsHaveOneAnswer: Invariant = {
  id: 'INV-12',
  promise:
    'A request is done once, however often it is sent, and answered the same every time, but for a refusal that a restore forgot; what was answered is in the log.',
  async check(evidence) {
    const effects = effectsOf(evidence);
    return evidence.requests
      .map(remembered(evidence))
      .flatMap((request) => [...unequalAnswers(request), ...effectFaults(request, effects)]);
  },
};

/**
 * A refusal leaves nothing in the log, so it is gone with a database that was restored: asked again, the request is decided anew, and may be
 * accepted then. What was done is never forgotten.
 */
function remembered({ services }: Evidence): (request: RequestEvidence) => RequestEvidence {
  return (request) => {
    const { service, answers } = request;
    const done = answers.findIndex(({ kind }) => kind === 'done');
    return (services.get(service)?.restores ?? 0) > 0 && done > 0 ? { ...request, answers: answers.slice(done) } : request;
  };
}

type EventIds = ReadonlyMap<string, readonly string[]>;

function effectsOf(evidence: Evidence): EventIds {
  const events = (Object.values(topics) as readonly { name: TopicName; sequenced: boolean }[])
    .filter(({ sequenced }) => sequenced)
    .flatMap(({ name }) => seenEvents(evidence, name));
  const byCause = Map.groupBy(events, causeOf);
  return new Map([...byCause].map(([cause, caused]) => [cause, caused.map(({ id }) => id).sort()]));
}

function causeOf({ source, tenant, causationid }: CloudEvent): string {
  return `${source} ${tenant} ${causationid}`;
}

function unequalAnswers({ service, idempotencyKey, answers }: RequestEvidence): string[] {
  const texts = new Set(answers.map(textOf));
  return texts.size <= 1
    ? []
    : [`${service} answered the request ${idempotencyKey} in ${String(texts.size)} ways: ${[...texts].join(' and ')}`];
}

function textOf(outcome: Outcome): string {
  return outcome.kind === 'done' ? eventIdsOf(outcome).join(' ') : `refused: ${outcome.refusal.code}`;
}

function effectFaults(
  { service, tenant, idempotencyKey, requestHash, answers, acknowledged }: RequestEvidence,
  effects: EventIds,
): string[] {
  const [answer] = answers;
  if (!acknowledged || !answer) return [];
  const found = effects.get(`instep/${service} ${tenant} request/${idempotencyKey}/${requestHash}`) ?? [];
  const told = answer.kind === 'done' ? eventIdsOf(answer) : [];
  if (found.join() === told.join()) return [];
  return [
    `${service} answered the request ${idempotencyKey} with ${String(told.length)} events, the log has ${String(found.length)} (${found.join(', ')})`,
  ];
}

function eventIdsOf(outcome: Extract<Outcome, { kind: 'done' }>): readonly string[] {
  return outcome.events.map(({ id }) => id).sort();
}
