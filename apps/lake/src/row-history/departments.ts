import { compose as crm } from '@instep/crm/compose';
import { entities as crmTables } from '@instep/crm/tables';
import type { DepartmentDefinition } from '@instep/department';
import { compose as finance } from '@instep/finance/compose';
import { entities as financeTables } from '@instep/finance/tables';
import { compose as hr } from '@instep/hr/compose';
import { entities as hrTables } from '@instep/hr/tables';
import { compose as inventory } from '@instep/inventory/compose';
import { entities as inventoryTables } from '@instep/inventory/tables';
import { compose as orderIntake } from '@instep/order-intake/compose';
import { entities as orderIntakeTables } from '@instep/order-intake/tables';

import { historyTable, type HistoryTable, type TableEntity } from './history-table.ts';

/** A department whose rows are kept. */
export interface KeptDepartment {
  readonly definition: DepartmentDefinition;
  readonly tables: readonly HistoryTable[];
}

/** Every department that has tables. */
export function keptDepartments(): readonly KeptDepartment[] {
  return [
    kept(orderIntake(), orderIntakeTables),
    kept(inventory(), inventoryTables),
    kept(crm(), crmTables),
    kept(hr(), hrTables),
    kept(finance(), financeTables),
  ];
}

function kept(definition: DepartmentDefinition, entities: readonly TableEntity[]): KeptDepartment {
  const tables = definition.projections.map(({ table, kind }) => {
    const entity = entities.find(({ options }) => options.name === table.name);
    if (!entity) throw new Error(`${definition.service} has no entity schema for its table "${table.name}"`);
    return historyTable(definition.service, entity, kind === 'journal');
  });
  return { definition, tables };
}
