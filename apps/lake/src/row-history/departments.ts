import { compose as crm } from '@instep/crm/compose';
import * as crmTables from '@instep/crm/tables';
import type { DepartmentDefinition } from '@instep/department';
import { compose as finance } from '@instep/finance/compose';
import * as financeTables from '@instep/finance/tables';
import { compose as hr } from '@instep/hr/compose';
import * as hrTables from '@instep/hr/tables';
import { compose as inventory } from '@instep/inventory/compose';
import * as inventoryTables from '@instep/inventory/tables';
import { compose as orderIntake } from '@instep/order-intake/compose';
import * as orderIntakeTables from '@instep/order-intake/tables';

import type { DataSourceSettings } from '@instep/postgres';

import { historyTable, type HistoryTable } from './history-table.ts';

/** A department whose rows are kept. */
export interface KeptDepartment {
  readonly definition: DepartmentDefinition;
  readonly tables: readonly HistoryTable[];
  /** As its own database has them. */
  readonly database: Pick<DataSourceSettings, 'entities' | 'migrations'>;
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

function kept(definition: DepartmentDefinition, { entities, migrations }: KeptDepartment['database']): KeptDepartment {
  const tables = definition.projections.map(({ table, kind }) => {
    const entity = entities.find(({ options }) => options.name === table.name);
    if (!entity) throw new Error(`${definition.service} has no entity schema for its table "${table.name}"`);
    return historyTable(definition.service, entity, kind === 'journal');
  });
  return { definition, tables, database: { entities, migrations } };
}
