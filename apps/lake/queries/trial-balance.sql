-- title: Balance of each account; the row of all must be zero
-- owner: finance
-- unit: shop currency
-- grain: tenant, currency and account
SELECT tenant, currency, coalesce(account, 'all') AS account, sum(amount) AS balance, count(*) AS lines
FROM journal_lines GROUP BY GROUPING SETS ((tenant, currency, account), (tenant, currency)) ORDER BY tenant, currency, account
