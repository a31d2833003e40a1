import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The tables that the conformance suite of the store writes. */
export const sampleTables = [
  new EntitySchema<{
    tenant: string;
    item: string;
    quantity: number;
    amount: string;
    total: string;
    note: string | null;
    flag: boolean;
    rowVersion: number;
  }>({
    name: 'sample_view',
    columns: {
      tenant: { type: 'text', primary: true },
      item: { type: 'text', primary: true },
      quantity: { type: 'integer' },
      amount: { type: 'numeric' },
      total: { type: 'bigint' },
      note: { type: 'text', nullable: true },
      flag: { type: 'boolean' },
      rowVersion: { type: 'integer', name: 'row_version' },
    },
  }),
  new EntitySchema<{ tenant: string; id: string; status: string; small: number }>({
    name: 'sample_state',
    columns: {
      tenant: { type: 'text', primary: true },
      id: { type: 'text', primary: true },
      status: { type: 'text' },
      small: { type: 'smallint' },
    },
  }),
  new EntitySchema<{ tenant: string; id: string; line: number; account: string; amount: string }>({
    name: 'sample_journal',
    columns: {
      tenant: { type: 'text', primary: true },
      id: { type: 'text', primary: true },
      line: { type: 'integer', primary: true },
      account: { type: 'text' },
      amount: { type: 'numeric' },
    },
  }),
];

export class CreateSampleTables1795622400000 implements MigrationInterface {
  readonly name = 'CreateSampleTables1795622400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE sample_view (tenant text, item text, quantity integer NOT NULL, amount numeric NOT NULL, total bigint NOT NULL, note text,
       flag boolean NOT NULL, row_version integer NOT NULL, PRIMARY KEY (tenant, item)) WITH (fillfactor = 80)`,
    );
    await runner.query(
      'CREATE TABLE sample_state (tenant text, id text, status text NOT NULL, small smallint NOT NULL, PRIMARY KEY (tenant, id))',
    );
    await runner.query(
      `CREATE TABLE sample_journal (tenant text, id text, line integer, account text NOT NULL, amount numeric NOT NULL, PRIMARY KEY (tenant, id, line))`,
    );
  }

  async down(): Promise<void> {}
}
