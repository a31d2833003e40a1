-- Lines of the ledger: debits positive, credits negative.
SELECT tenant, journal_id, kind, order_id, line.account AS account, line.amount AS amount, currency, memo, occurred_at, recorded_at, causation_id,
  correlation_id, cause_position, id AS event_id, off
FROM (SELECT *, unnest(lines) AS line FROM journal_posted)
