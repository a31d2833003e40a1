import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Beside the numbers of each partition the relay counts over all of them. */
export class NumberAllRecords1795629600000 implements MigrationInterface {
  readonly name = 'NumberAllRecords1795629600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay ADD COLUMN serial bigint NOT NULL DEFAULT 0');
  }

  async down(): Promise<void> {
    throw new Error('forward only: drop the database and rebuild it from the log');
  }
}
