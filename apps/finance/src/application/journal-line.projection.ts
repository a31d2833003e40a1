import { journal } from '@instep/department';

export type JournalLineRow = {
  readonly tenant: string;
  readonly journalId: string;
  readonly line: number;
  readonly kind: string;
  readonly orderId: string | null;
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly causeId: string;
  readonly memo: string;
};

/** The ledger: one row per line of a journal, with the event that caused it. */
export const journalLine = journal<JournalLineRow>({
  table: { name: 'journal_line', key: ['tenant', 'journalId', 'line'] },
  on: {
    'journal.posted': ({ tenant, data, time, recordedTime, causationId }) =>
      data.lines.map(({ account, amount }, at) => ({
        tenant,
        journalId: data.journalId,
        line: at + 1,
        kind: data.kind,
        orderId: data.orderId,
        account,
        amount,
        currency: data.currency,
        occurredAt: time,
        recordedAt: recordedTime,
        causeId: causationId,
        memo: data.memo,
      })),
  },
});
