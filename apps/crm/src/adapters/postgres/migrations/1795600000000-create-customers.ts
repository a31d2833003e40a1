import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCustomers1795600000000 implements MigrationInterface {
  readonly name = 'CreateCustomers1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE customer (
        tenant text NOT NULL,
        customer_id text NOT NULL,
        merged_into text,
        personal text,
        known_at text,
        tags text NOT NULL,
        channel_customers text NOT NULL,
        PRIMARY KEY (tenant, customer_id)
      ) WITH (fillfactor = 80)`);
    await runner.query(`
      CREATE TABLE customer_identity (
        tenant text NOT NULL,
        identity text NOT NULL,
        customer_id text NOT NULL,
        PRIMARY KEY (tenant, identity)
      )`);
    await runner.query('CREATE INDEX customer_identity_customer ON customer_identity (tenant, customer_id)');
    await runner.query(`
      CREATE TABLE customer_order (
        tenant text NOT NULL,
        order_id text NOT NULL,
        identity text,
        channel text NOT NULL,
        number text NOT NULL,
        placed_at text NOT NULL,
        test boolean NOT NULL,
        currency text NOT NULL,
        total numeric NOT NULL,
        received numeric NOT NULL,
        refunded numeric NOT NULL,
        shipping text NOT NULL,
        held boolean NOT NULL,
        cancelled_at text,
        facts text NOT NULL,
        row_version integer NOT NULL,
        PRIMARY KEY (tenant, order_id)
      ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX customer_order_identity ON customer_order (identity, tenant)');
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
