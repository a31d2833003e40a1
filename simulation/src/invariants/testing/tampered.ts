import type { ServiceName } from '@instep/contracts';
import { topics } from '@instep/contracts';
import type { InMemoryStore } from '@instep/department';
import type { LogRecord } from '@instep/event-log';
import { inMemoryLog } from '@instep/event-log';

import type { Evidence, OrderEvidence } from '../../evidence.ts';

/** The same evidence with other records in the log. */
export async function withRecords(
  evidence: Evidence,
  change: (records: readonly LogRecord[], name: string) => readonly LogRecord[],
): Promise<Evidence> {
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  const records = new Map<string, readonly LogRecord[]>();
  for (const [name, before] of evidence.records) {
    const after = change(before, name).map((record, offset) => ({ ...record, offset }));
    records.set(name, after);
    for (const { topic, partition, key, type, sequence, value } of after)
      await log.append({ topic, partition }, [{ key, type: type ?? '', sequence, value }]);
  }
  return { ...evidence, log, records };
}

/** The same evidence with something else in the database of a service. */
export function withStore(evidence: Evidence, service: ServiceName, change: (store: InMemoryStore) => Partial<InMemoryStore>): Evidence {
  const found = evidence.services.get(service);
  if (!found) throw new Error(`no ${service}`);
  const { store } = found;
  return { ...evidence, services: new Map([...evidence.services, [service, { ...found, store: { ...store, ...change(store) } }]]) };
}

/** The same evidence with another first order. */
export function withOrder(evidence: Evidence, change: (order: OrderEvidence) => Partial<OrderEvidence>): Evidence {
  const [first, ...rest] = evidence.orders;
  if (!first) throw new Error('no orders');
  return { ...evidence, orders: [{ ...first, ...change(first) }, ...rest] };
}
