import type { ServiceName } from '@instep/contracts';
import { entities as crm, migrations as crmMigrations } from '@instep/crm/tables';
import { entities as finance, migrations as financeMigrations } from '@instep/finance/tables';
import { entities as hr, migrations as hrMigrations } from '@instep/hr/tables';
import { entities as inventory, migrations as inventoryMigrations } from '@instep/inventory/tables';
import { entities as orderIntake, migrations as orderIntakeMigrations } from '@instep/order-intake/tables';
import type { DataSourceSettings } from '@instep/postgres';

export type Tables = Pick<DataSourceSettings, 'entities' | 'migrations'>;

/** The tables of each department besides those of the runtime. */
export const tables: Readonly<Record<ServiceName, Tables>> = {
  connectors: { entities: [], migrations: [] },
  'order-intake': { entities: orderIntake, migrations: orderIntakeMigrations },
  inventory: { entities: inventory, migrations: inventoryMigrations },
  crm: { entities: crm, migrations: crmMigrations },
  hr: { entities: hr, migrations: hrMigrations },
  finance: { entities: finance, migrations: financeMigrations },
};
