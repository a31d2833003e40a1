import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStock1790000000000 implements MigrationInterface {
  readonly name = 'CreateStock1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE order_demand (
        tenant text NOT NULL,
        order_id text NOT NULL,
        facts text NOT NULL,
        row_version integer NOT NULL,
        PRIMARY KEY (tenant, order_id)
      ) WITH (fillfactor = 80)`);
    await runner.query(`
      CREATE TABLE channel_item (
        tenant text NOT NULL,
        channel text NOT NULL,
        channel_item text NOT NULL,
        item text NOT NULL,
        reported_at text NOT NULL,
        row_version integer NOT NULL,
        PRIMARY KEY (tenant, channel, channel_item)
      )`);
    await runner.query(`
      CREATE TABLE channel_stock (
        tenant text NOT NULL,
        channel text NOT NULL,
        channel_item text NOT NULL,
        location text NOT NULL,
        available numeric,
        reported_at text NOT NULL,
        row_version integer NOT NULL,
        PRIMARY KEY (tenant, channel, channel_item, location)
      ) WITH (fillfactor = 80)`);
    await runner.query(`
      CREATE TABLE item_catalog (
        tenant text NOT NULL,
        item text NOT NULL,
        title text NOT NULL,
        unit text NOT NULL,
        sku text,
        channel_items text NOT NULL,
        PRIMARY KEY (tenant, item)
      )`);
    // The last guard against selling what is not there: whatever a fault in the code decides, the database refuses it.
    // Few rows that every order rewrites: half of each page stays free, so that a new version finds room in the same page.
    await runner.query(`
      CREATE TABLE stock_level (
        tenant text NOT NULL,
        item text NOT NULL,
        location text NOT NULL,
        on_hand numeric NOT NULL,
        reserved numeric NOT NULL CONSTRAINT stock_level_reserved_not_negative CHECK (reserved >= 0),
        available numeric NOT NULL CONSTRAINT stock_level_never_oversold CHECK (available >= 0),
        value numeric NOT NULL,
        currency text,
        PRIMARY KEY (tenant, item, location)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE reservation_line (
        tenant text NOT NULL,
        order_id text NOT NULL,
        line_id text NOT NULL,
        item text NOT NULL,
        reserved numeric NOT NULL CONSTRAINT reservation_line_reserved_not_negative CHECK (reserved >= 0),
        missing numeric NOT NULL CONSTRAINT reservation_line_missing_not_negative CHECK (missing >= 0),
        since text,
        shipped numeric NOT NULL,
        restocked numeric NOT NULL,
        PRIMARY KEY (tenant, order_id, line_id, item)
      ) WITH (fillfactor = 80)`);
    await runner.query('CREATE INDEX reservation_line_waiting ON reservation_line (tenant, item, since) WHERE missing > 0');
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
