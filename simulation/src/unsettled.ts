import type { InMemoryLog } from '@instep/event-log';

import { topics } from '@instep/contracts';

import type { Service } from './process/service.ts';

/** What is still under way between the departments, in words; a list that may be added to. */
export function whatIsUnsettled(services: readonly Service[], log: InMemoryLog): string[] {
  const left: string[] = [];
  for (const { name, definition, database, allUp } of services) {
    if (!database.up) left.push(`the ${database.name} is down`);
    if (!allUp) left.push(`${name} has not all its processes up`);
    const waiting = database.store.outboxRows().length;
    if (waiting > 0) left.push(`${name} has ${String(waiting)} events to send`);
    const positions = new Map(
      database.store.positions().map(({ topic, partition, nextOffset }) => [`${topic}/${String(partition)}`, nextOffset]),
    );
    for (const topic of definition.topics) {
      for (let partition = 0; partition < topics[topic].partitions; partition += 1) {
        const end = log.records({ topic, partition }).length;
        const at = positions.get(`${topic}/${String(partition)}`) ?? 0;
        if (at < end) left.push(`${name} is at ${String(at)} of ${String(end)} in ${topic}/${String(partition)}`);
      }
    }
  }
  return left;
}
