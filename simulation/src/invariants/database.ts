import type { ServiceName } from '@instep/contracts';
import type { Row } from '@instep/department';

import type { Evidence, ServiceEvidence } from '../evidence.ts';

export function serviceOf(evidence: Evidence, service: ServiceName): ServiceEvidence {
  const found = evidence.services.get(service);
  if (!found) throw new Error(`the world has no ${service}`);
  return found;
}

export function rowsOf(evidence: Evidence, service: ServiceName, table: string): readonly Row[] {
  return serviceOf(evidence, service).store.rows(table);
}

/** Rows of one tenant by the column that names an order. */
export function rowsByOrder(evidence: Evidence, service: ServiceName, table: string): ReadonlyMap<string, Row> {
  return new Map(
    rowsOf(evidence, service, table)
      .filter((row) => row['tenant'] === evidence.tenant)
      .map((row) => [String(row['orderId']), row]),
  );
}

/** Keys of the log, as `<topic> <key>`, that wait in the park of any service. */
export async function parkedKeys(evidence: Evidence): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const { store, definition } of evidence.services.values()) {
    for (const { topic, key } of await store.parked.list(definition.consumer, Number.MAX_SAFE_INTEGER)) keys.add(`${topic} ${key}`);
  }
  return keys;
}

/** Whether anything about the order waits in a park, at the edge or further in. */
export function isParked(keys: ReadonlySet<string>, orderId: string): boolean {
  const number = orderId.slice(orderId.indexOf(':') + 1);
  for (const key of keys) if (key.endsWith(`/${orderId}`) || key.endsWith(`:${number}`)) return true;
  return false;
}
