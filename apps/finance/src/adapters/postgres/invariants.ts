import type { Invariant } from '@instep/service-host';

const lines = { table: 'journal_line', key: ['journal_id'], since: 'recorded_at > $1::timestamptz' };
const bookedSince = 'SELECT tenant, order_id FROM journal_line WHERE recorded_at > $1::timestamptz';
const documents = {
  table: 'stream',
  of: `stream = 'account-document'`,
  key: ['id'],
  since: `(tenant, id) IN (${bookedSince})`,
};

/** What must hold in the books at any moment. */
export const invariants: readonly Invariant[] = [
  {
    name: 'journals-balance',
    promise: 'The lines of every journal add up to zero.',
    check: {
      kind: 'rows',
      rows: lines,
      sql: (rows) => `
        SELECT format('%s/%s', tenant, journal_id) AS subject, format('off by %s %s', sum(amount), currency) AS detail
          FROM ${rows} line GROUP BY tenant, journal_id, currency HAVING sum(amount) <> 0`,
    },
  },
  {
    name: 'journals-whole',
    promise: 'A journal has two lines or more, numbered from 1 without a gap, of one currency and one cause, and its document knows of it.',
    check: {
      kind: 'rows',
      rows: lines,
      sql: (rows) => `
        SELECT format('%s/%s', tenant, journal_id) AS subject, format('%s lines up to %s', lines, last) AS detail
          FROM (SELECT tenant, journal_id, count(*) AS lines, max(line) AS last, count(DISTINCT (currency, cause_id, recorded_at)) AS kinds
                  FROM ${rows} line GROUP BY tenant, journal_id) journal
         WHERE lines < 2 OR last <> lines OR kinds <> 1
            OR (SELECT version FROM stream s WHERE s.tenant = journal.tenant AND s.stream = 'account-document'
                                           AND s.id = regexp_replace(journal.journal_id, '#[0-9]+$', '')) IS NULL`,
    },
  },
  {
    name: 'trial-balance-zero',
    promise: 'The balances of all accounts add up to zero in every currency.',
    check: {
      kind: 'whole',
      sql: `
        SELECT format('%s/%s', tenant, currency) AS subject, format('off by %s', sum(amount)) AS detail
          FROM journal_line GROUP BY tenant, currency HAVING sum(amount) <> 0`,
    },
  },
  {
    name: 'booked-once',
    promise: 'One event leads to one journal: no payment, refund or movement of goods is booked twice.',
    check: {
      kind: 'whole',
      sql: `
        SELECT format('%s/%s', tenant, cause_id) AS subject, format('booked as %s and as %s', min(journal_id), max(journal_id)) AS detail
          FROM journal_line WHERE line = 1 GROUP BY tenant, cause_id HAVING count(*) > 1`,
    },
  },
  {
    name: 'cash-as-ordered',
    promise: 'What was received for an order less what was refunded is what its journals say of the payment account.',
    check: {
      kind: 'rows',
      rows: { table: 'order_facts', key: ['order_id'], since: `(tenant, order_id) IN (${bookedSince})` },
      sql: cashAsOrdered,
    },
  },
  {
    name: 'ledger-as-streams',
    promise: 'The ledger holds every journal of every document, and for orders just what was booked.',
    check: { kind: 'rows', rows: documents, sql: ledgerAsStreams },
  },
];

/** Tax that the channel pays itself leaves the payment account with the first shipment. */
function cashAsOrdered(rows: string): string {
  return `
    SELECT format('%s/%s', tenant, order_id) AS subject, format('%s is booked, %s expected', booked, expected) AS detail
      FROM (
        SELECT tenant, order_id,
               CASE WHEN (facts ->> 'test')::boolean THEN 0
                    ELSE (facts ->> 'received')::numeric
                       - (SELECT coalesce(sum((value ->> 'money')::numeric), 0) FROM json_each(facts -> 'refunds'))
                       - CASE WHEN EXISTS (SELECT FROM json_each(facts -> 'shipments') shipment, json_each_text(shipment.value) line
                                            GROUP BY line.key HAVING sum(line.value::numeric) > 0)
                              THEN (facts -> 'charges' ->> 'channelTax')::numeric ELSE 0 END
               END AS expected,
               (SELECT coalesce(sum(amount), 0) FROM journal_line l
                 WHERE l.tenant = o.tenant AND l.order_id = o.order_id AND l.account = '1000') AS booked
          FROM (SELECT tenant, order_id, facts::json AS facts FROM ${rows} fact) o
      ) compared
     WHERE expected <> booked`;
}

/** Every event of a document is a journal, numbered by its version. */
function ledgerAsStreams(rows: string): string {
  const journal = (number: string): string =>
    `EXISTS (SELECT FROM journal_line l WHERE l.tenant = s.tenant AND l.journal_id = s.id || '#' || (${number}))`;
  return `
    SELECT format('%s/%s', tenant, id) AS subject, format('version %s, %s journals counted', version, state ->> 'journals') AS detail
      FROM ${rows} s,
           LATERAL (SELECT count(DISTINCT journal_id) AS journals FROM journal_line l
                     WHERE l.tenant = s.tenant AND l.order_id = s.id AND left(l.journal_id, length(s.id) + 1) = s.id || '#') kept
     WHERE version <> (state ->> 'journals')::bigint
        OR NOT ${journal('version')}
        OR ${journal('version + 1')}
        OR (kept.journals > 0 AND kept.journals <> version)
        OR EXISTS (
          SELECT FROM (SELECT account, sum(amount) AS amount FROM journal_line l
                        WHERE l.tenant = s.tenant AND l.order_id = s.id
                          AND kind IN ('payment', 'shipment', 'refund', 'cancellation', 'amendment') GROUP BY account) ledger
          FULL JOIN json_each_text(s.state -> 'booked') booked ON booked.key = ledger.account
          WHERE coalesce(ledger.amount, 0) <> coalesce(booked.value::numeric, 0))`;
}
