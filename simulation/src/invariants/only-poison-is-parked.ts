import type { TopicName } from '@instep/contracts';
import type { ParkedRecord } from '@instep/department';

import type { Evidence, Invariant, ServiceEvidence } from '../evidence.ts';
import { seenRecord, seenRecords } from './seen-log.ts';

export const onlyPoisonIsParked: Invariant = {
  id: 'INV-11',
  promise: 'Only what cannot be read is parked, and with it exactly what follows it under its key.',
  async check(evidence) {
    const faults: string[] = [];
    for (const service of evidence.services.values()) {
      const { store, definition } = service;
      for (const first of await store.parked.list(definition.consumer, Number.MAX_SAFE_INTEGER)) {
        faults.push(...(await keyFaults(evidence, service, first)));
      }
    }
    return faults;
  },
};

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
