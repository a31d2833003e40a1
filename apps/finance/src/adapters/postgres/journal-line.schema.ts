import { EntitySchema } from 'typeorm';

import type { JournalLineRow } from '../../application/journal-line.projection.ts';

export const journalLineSchema = new EntitySchema<JournalLineRow>({
  name: 'journal_line',
  tableName: 'journal_line',
  columns: {
    tenant: { type: 'text', primary: true },
    journalId: { type: 'text', primary: true, name: 'journal_id' },
    line: { type: 'integer', primary: true },
    kind: { type: 'text' },
    orderId: { type: 'text', name: 'order_id', nullable: true },
    account: { type: 'text' },
    amount: { type: 'numeric' },
    currency: { type: 'text' },
    occurredAt: { type: 'timestamptz', name: 'occurred_at' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at' },
    causeId: { type: 'text', name: 'cause_id' },
    memo: { type: 'text' },
  },
  indices: [
    { name: 'journal_line_order', columns: ['tenant', 'orderId', 'recordedAt'], where: 'order_id IS NOT NULL' },
    // Block-range indexes: a schema can name them but not say so, so the migrations alone describe them.
    { name: 'journal_line_occurred', columns: ['occurredAt'], synchronize: false },
    { name: 'journal_line_recorded', columns: ['recordedAt'], synchronize: false },
    // By document and number, which are expressions.
    { name: 'journal_line_numbered', columns: ['tenant'], synchronize: false },
  ],
});
