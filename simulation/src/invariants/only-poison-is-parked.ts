import type { EventData, TopicName } from '@instep/contracts';
import type { ParkedRecord } from '@instep/department';

import type { Evidence, Invariant, ServiceEvidence } from '../evidence.ts';
import { serviceOf } from './database.ts';
import { seenRecord, seenRecords } from './seen-log.ts';

export const onlyPoisonIsParked: Invariant = {
  id: 'INV-11',
  promise: 'What cannot be read is parked, and with it exactly what follows it under its key, and nothing else.',
  async check(evidence) {
    const faults: string[] = [...unparkedPoison(evidence)];
    for (const service of evidence.services.values()) {
      const { store, definition } = service;
      for (const first of await store.parked.list(definition.consumer, Number.MAX_SAFE_INTEGER)) {
        faults.push(...(await keyFaults(evidence, service, first)));
      }
    }
    return faults;
  },
};

/** What nobody can read waits for somebody who mends the mapping, however often it came. */
function unparkedPoison(evidence: Evidence): string[] {
  const parked = new Set(
    serviceOf(evidence, 'connectors')
      .store.parkedRecords()
      .map(({ topic, partition, offset }) => `${topic}/${String(partition)} ${String(offset)}`),
  );
  const poisoned = new Set(evidence.poisonedWebhooks);
  return seenRecords(evidence, 'raw.shopify').flatMap(({ record: { topic, partition, offset }, event }) => {
    const { webhookId } = (event?.data ?? {}) as Partial<EventData<'webhook.received'>>;
    const at = `${topic}/${String(partition)} ${String(offset)}`;
    return webhookId != null && poisoned.has(webhookId) && !parked.has(at) ? [`connectors passed over what nobody can read, at ${at}`] : [];
  });
}

async function keyFaults(evidence: Evidence, { service, definition, store }: ServiceEvidence, first: ParkedRecord): Promise<string[]> {
  const { topic, partition, offset, key } = first;
  const at = `${service} parked ${topic}/${String(partition)} offset ${String(offset)} of ${key}`;
  if (isFit(evidence, first)) return [`${at}, which is fit (${first.code}): ${first.reason.split('\n')[0] ?? ''}`];
  const parked = (await store.parked.read(definition.consumer, topic, key, Number.MAX_SAFE_INTEGER)).map((record) => record.offset);
  const due = seenRecords(evidence, topic as TopicName)
    .filter(({ record }) => record.partition === partition && record.key === key && record.offset >= offset)
    .map(({ record }) => record.offset);
  if (parked.join() === due.join()) return [];
  return [`${at}; with it should be parked the offsets ${due.join(', ')}, and are ${parked.join(', ')}`];
}

/** The edge may find a webhook unreadable whose record can be read. */
function isFit(evidence: Evidence, { topic, partition, offset, code }: ParkedRecord): boolean {
  const record = evidence.records.get(`${topic}/${String(partition)}`)?.[offset];
  if (!record) return true;
  if (seenRecord(record).event === undefined) return false;
  return !(topic.startsWith('raw.') && code !== 'defect' && code !== 'follows');
}
