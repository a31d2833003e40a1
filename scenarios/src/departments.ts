import { compose as connectors } from '@instep/connectors';
import { compose as crm } from '@instep/crm';
import type { DepartmentDefinition } from '@instep/department';
import { compose as finance } from '@instep/finance';
import { compose as hr } from '@instep/hr';
import { compose as inventory } from '@instep/inventory';
import { compose as orderIntake } from '@instep/order-intake';

/** Every department as it is composed in production. */
export const departments: readonly DepartmentDefinition[] = [connectors(), orderIntake(), inventory(), crm(), hr(), finance()];
