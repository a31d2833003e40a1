import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NumberJournals1795634000000 implements MigrationInterface {
  readonly name = 'NumberJournals1795634000000';

  async up(runner: QueryRunner): Promise<void> {
    // `<document>#<number>` as text puts 10 before 2. One entry per journal, not per line.
    await runner.query(`
      CREATE INDEX journal_line_numbered ON journal_line (
        tenant, left(journal_id, -1 - length(split_part(journal_id, '#', -1))), (split_part(journal_id, '#', -1)::bigint)
      ) WHERE line = 1`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
