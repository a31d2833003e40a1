import type { Evidence, Invariant, ServiceEvidence } from '../evidence.ts';

export const nothingIsUnderWay: Invariant = {
  id: 'INV-10',
  promise:
    'In the end every department has read the log to its end and sent all it had to say, reports no trouble, and was never behind the log without a restore.',
  async check(evidence) {
    const faults: string[] = [];
    for (const service of evidence.services.values()) faults.push(...(await unfinished(evidence, service)));
    return faults;
  },
};

async function unfinished(
  { log }: Evidence,
  { service, definition, store, statuses, restores, foundBehind }: ServiceEvidence,
): Promise<string[]> {
  const faults: string[] = [];
  const waiting = store.outboxRows().length;
  if (waiting > 0) faults.push(`${service} has ${String(waiting)} events to send`);
  for (const topic of definition.topics) {
    for (const { partition, next } of await log.bounds(topic)) {
      const { positions } = await store.load({
        consumer: definition.consumer,
        positions: [{ topic, partition }],
        streams: [],
        rows: [],
        keys: [],
        requests: [],
      });
      const at = positions[0]?.nextOffset ?? 0;
      if (at < next) faults.push(`${service} has read ${topic}/${String(partition)} to ${String(at)} of ${String(next)}`);
    }
  }
  if (restores === 0 && foundBehind > 0)
    faults.push(`${service} found its database behind the log, though nobody had put an older one in its place`);
  if (statuses.length === 0) faults.push(`no process of ${service} runs`);
  return [...faults, ...statuses.flatMap(({ troubles }) => troubles.map((trouble) => `${service}: ${trouble}`))];
}
