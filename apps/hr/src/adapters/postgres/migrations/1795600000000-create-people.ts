import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePeople1795600000000 implements MigrationInterface {
  readonly name = 'CreatePeople1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE employee (
        tenant text NOT NULL,
        employee_id text NOT NULL,
        hired_at text NOT NULL,
        left_at text,
        staff text NOT NULL,
        salary numeric NOT NULL,
        currency text NOT NULL,
        commission_rate numeric NOT NULL,
        personal text,
        PRIMARY KEY (tenant, employee_id)
      )`);
    await runner.query(`
      CREATE TABLE order_sale (
        tenant text NOT NULL,
        order_id text NOT NULL,
        channel text NOT NULL,
        facts text NOT NULL,
        row_version integer NOT NULL,
        PRIMARY KEY (tenant, order_id)
      ) WITH (fillfactor = 80)`);
    await runner.query(`
      CREATE TABLE order_commission (
        tenant text NOT NULL,
        order_id text NOT NULL,
        staff text NOT NULL,
        employee_id text,
        currency text NOT NULL,
        total numeric NOT NULL,
        PRIMARY KEY (tenant, order_id)
      )`);
    await runner.query('CREATE INDEX order_commission_employee ON order_commission (tenant, employee_id, order_id)');
    await runner.query(`
      CREATE TABLE commission_entry (
        tenant text NOT NULL,
        order_id text NOT NULL,
        entry integer NOT NULL,
        employee_id text NOT NULL,
        period text NOT NULL,
        amount numeric NOT NULL,
        total numeric NOT NULL,
        base numeric NOT NULL,
        rate numeric NOT NULL,
        currency text NOT NULL,
        occurred_at text NOT NULL,
        PRIMARY KEY (tenant, order_id, entry)
      )`);
    await runner.query('CREATE INDEX commission_entry_employee ON commission_entry (tenant, employee_id, order_id, entry)');
    await runner.query(`
      CREATE TABLE payroll_run (
        tenant text NOT NULL,
        run_id text NOT NULL,
        status text NOT NULL,
        period text NOT NULL,
        currency text NOT NULL,
        lines text NOT NULL,
        salaries numeric NOT NULL,
        commissions numeric NOT NULL,
        total numeric NOT NULL,
        approved_by text,
        PRIMARY KEY (tenant, run_id)
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
