import type { Table } from '@instep/department';
import type { EntitySchema } from 'typeorm';

import { tableShape } from './table-shape.ts';

/**
 * Throws when a projection's table has no entity schema of its name, or their keys differ or stand in another order: rows would be looked
 * for under keys that no row has.
 */
export function assertTables(tables: readonly Table<never>[], entities: readonly EntitySchema<object>[]): void {
  const keys = new Map(entities.map(tableShape).map(({ name, key }) => [name, key.map(({ property }) => property).join(', ')]));
  for (const { name, key } of tables) {
    const declared = keys.get(name);
    if (declared === undefined) throw new Error(`the table ${name} has no entity schema`);
    if (declared !== key.join(', ')) throw new Error(`the key of ${name} is (${key.join(', ')}), but its entity schema says (${declared})`);
  }
}
