import { inMemoryStore } from '@instep/department';
import type { DepartmentDefinition } from '@instep/department';
import { testHost } from '@instep/service-host';
import type { Environment, ServiceDefinition, Settings } from '@instep/service-host';

import { toldLog } from '../department/told-log.ts';
import { requestsOf } from './requests.ts';
import type { Requests } from './requests.ts';

export interface ServiceInMemory extends Requests {
  rows(table: string): readonly object[];
  close(): Promise<void>;
}

/** The whole service on a log and a store in memory: all but its queries. `projections`: those of its department. */
export async function serviceInMemory<S extends Settings>(
  service: ServiceDefinition<S>,
  { projections }: Pick<DepartmentDefinition, 'projections'>,
  environment: Environment = {},
): Promise<ServiceInMemory> {
  const { log } = toldLog();
  const store = inMemoryStore({ tables: projections.map(({ table }) => table as never) });
  const host = await testHost(service, { log, store, environment });
  return {
    ...requestsOf(host),
    rows: (table) => store.rows(table),
    async close() {
      await host.close();
      await log.close();
    },
  };
}
