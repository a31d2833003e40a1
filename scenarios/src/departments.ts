import { compose as connectors } from '@instep/connectors/compose';
import { compose as crm } from '@instep/crm/compose';
import type { DepartmentDefinition } from '@instep/department';
import { compose as finance } from '@instep/finance/compose';
import { compose as hr } from '@instep/hr/compose';
import { compose as inventory } from '@instep/inventory/compose';
import { compose as orderIntake } from '@instep/order-intake/compose';

/** Every department as it is composed in production. */
export const departments: readonly DepartmentDefinition[] = [connectors(), orderIntake(), inventory(), crm(), hr(), finance()];
