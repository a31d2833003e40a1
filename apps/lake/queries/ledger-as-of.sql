-- title: Balances as we knew them at one moment, of what had happened by another
-- owner: finance
-- unit: shop currency
-- grain: tenant, currency and account
-- values: recorded, occurred
-- note: recorded is what we knew by then, occurred what had happened by then; give the same moment twice for the plain question.
SELECT tenant, currency, account, sum(amount) AS balance, count(*) AS lines
FROM journal_lines WHERE recorded_at <= $recorded::TIMESTAMPTZ AND occurred_at <= $occurred::TIMESTAMPTZ
GROUP BY ALL ORDER BY ALL
