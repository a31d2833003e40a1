import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLedger1790000000000 implements MigrationInterface {
  readonly name = 'CreateLedger1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE order_facts (
        tenant text NOT NULL,
        order_id text NOT NULL,
        facts text NOT NULL,
        row_version integer NOT NULL,
        PRIMARY KEY (tenant, order_id)
      ) WITH (fillfactor = 80)`);
    await runner.query(`
      CREATE TABLE journal_line (
        tenant text NOT NULL,
        journal_id text NOT NULL,
        line integer NOT NULL,
        kind text NOT NULL,
        order_id text,
        account text NOT NULL,
        amount numeric NOT NULL,
        currency text NOT NULL,
        occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        cause_id text NOT NULL,
        memo text NOT NULL,
        PRIMARY KEY (tenant, journal_id, line)
      )`);
    await runner.query('CREATE INDEX journal_line_order ON journal_line (tenant, order_id, recorded_at) WHERE order_id IS NOT NULL');
    // Journals come in the order of time, so a block-range index finds the rows up to a moment at hardly any cost per insert.
    await runner.query('CREATE INDEX journal_line_occurred ON journal_line USING brin (occurred_at)');
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
