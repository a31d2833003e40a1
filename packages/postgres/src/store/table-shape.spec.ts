import { describe, expect, it } from '@jest/globals';
import { EntitySchema } from 'typeorm';

import { sampleTables } from '../testing/sample-tables.ts';
import { assertTables } from './assert-tables.ts';
import { tableShape } from './table-shape.ts';

describe('the shape of a table', () => {
  it('has the key in the order of the entity schema, and tells a view by its row version', () => {
    const shapes = sampleTables.map(tableShape);
    expect(shapes.map(({ key }) => key.map(({ column }) => column))).toEqual([
      ['"tenant"', '"item"'],
      ['"tenant"', '"id"'],
      ['"tenant"', '"id"', '"line"'],
    ]);
    expect(shapes.map(({ versioned }) => versioned)).toEqual([true, false, false]);
  });

  it('names columns and table as the entity schema does', () => {
    const shape = tableShape(
      new EntitySchema<{ id: string; soldAt: string }>({
        name: 'sale',
        tableName: 'sale_2',
        columns: { id: { type: String, primary: true }, soldAt: { type: 'timestamptz', name: 'sold_at' } },
      }),
    );
    expect(shape).toMatchObject({ name: 'sale_2', table: '"sale_2"' });
    expect(shape.columns.map(({ column, cast }) => [column, cast])).toEqual([
      ['"id"', ''],
      ['"sold_at"', '::timestamptz'],
    ]);
    expect(shape.columns[1]?.text('t')).toContain(`t."sold_at" AT TIME ZONE 'UTC'`);
  });

  it('refuses types that a cell cannot carry, and tables without a key', () => {
    const of = (columns: Record<string, object>) => () => tableShape(new EntitySchema<object>({ name: 't', columns: columns }));
    expect(of({ id: { type: 'text', primary: true }, tags: { type: 'text', array: true } })).toThrow(/t\.tags.*text\[\]/u);
    expect(of({ id: { type: 'text', primary: true }, photo: { type: 'bytea' } })).toThrow(/t\.photo.*bytea/u);
    expect(of({ id: { type: 'text' } })).toThrow(/no primary key/u);
  });

  it('must have the key that the projection has', () => {
    const assert = (name: string, key: readonly never[]) => () => assertTables([{ name, key }], sampleTables);
    expect(assert('sample_view', ['tenant', 'item'] as never[])).not.toThrow();
    expect(assert('sample_view', ['item', 'tenant'] as never[])).toThrow(/\(item, tenant\).*\(tenant, item\)/u);
    expect(assert('absent', [])).toThrow(/absent has no entity schema/u);
  });

  it('refuses an index of a view that a plan without statistics could take for the key', () => {
    const columns = {
      tenant: { type: 'text', primary: true },
      id: { type: 'text', primary: true },
      owner: { type: 'text' },
      rowVersion: { type: 'integer' },
    } as const;
    const like = new EntitySchema({ name: 'v', columns, indices: [{ name: 'v_owner', columns: ['tenant', 'owner'] }] });
    const apart = new EntitySchema({ name: 'v', columns, indices: [{ name: 'v_owner', columns: ['owner', 'tenant'] }] });
    expect(() => tableShape(like)).toThrow('put that column last');
    expect(tableShape(apart).versioned).toBe(true);
  });
});
