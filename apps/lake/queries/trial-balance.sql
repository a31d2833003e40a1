-- title: Balance of each account; the last row must be zero
-- owner: finance
-- unit: shop currency
-- grain: account
SELECT currency, coalesce(account, 'all') AS account, sum(amount) AS balance, count(*) AS lines
FROM journal_lines GROUP BY GROUPING SETS ((currency, account), (currency)) ORDER BY currency, account
