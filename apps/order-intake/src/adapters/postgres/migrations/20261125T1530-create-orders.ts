import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrders1795620600000 implements MigrationInterface {
  readonly name = 'CreateOrders1795620600000';

  async up(runner: QueryRunner): Promise<void> {
    // Room on each page: an order's line is written again at every event, and no indexed column changes then.
    await runner.query(`
      CREATE TABLE order_summary (
        tenant text NOT NULL,
        order_id text NOT NULL,
        channel text NOT NULL,
        channel_order_id text,
        number text NOT NULL,
        status text NOT NULL,
        payment text NOT NULL,
        shipping text NOT NULL,
        currency text NOT NULL,
        total numeric NOT NULL,
        received numeric NOT NULL,
        refunded numeric NOT NULL,
        placed_at timestamptz NOT NULL,
        reported_at timestamptz,
        attention text,
        version integer NOT NULL,
        CONSTRAINT order_summary_pkey PRIMARY KEY (tenant, order_id)
      ) WITH (fillfactor = 70)`);
    await runner.query(
      'CREATE INDEX order_summary_channel_order ON order_summary (tenant, channel_order_id) WHERE channel_order_id IS NOT NULL',
    );
    await runner.query('CREATE INDEX order_summary_attention ON order_summary (tenant, attention, order_id) WHERE attention IS NOT NULL');
    await runner.query(`
      CREATE TABLE order_history (
        tenant text NOT NULL,
        order_id text NOT NULL,
        version integer NOT NULL,
        type text NOT NULL,
        "time" timestamptz NOT NULL,
        recorded_time timestamptz NOT NULL,
        actor text NOT NULL,
        event_id text NOT NULL,
        text text NOT NULL,
        CONSTRAINT order_history_pkey PRIMARY KEY (tenant, order_id, version)
      )`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
