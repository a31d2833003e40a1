import { compose as connectors } from '@instep/connectors/compose';
import type { ServiceName } from '@instep/contracts';
import { compose as crm } from '@instep/crm/compose';
import type { DepartmentDefinition } from '@instep/department';
import { compose as finance } from '@instep/finance/compose';
import { compose as hr } from '@instep/hr/compose';
import { compose as inventory } from '@instep/inventory/compose';
import { compose as orderIntake } from '@instep/order-intake/compose';

/** Every department as it is composed in production: history is folded by the code that folded it first. */
export function departments(): ReadonlyMap<ServiceName, DepartmentDefinition> {
  const all = [connectors(), orderIntake(), inventory(), crm(), hr(), finance()];
  return new Map(all.map((definition) => [definition.service, definition]));
}
