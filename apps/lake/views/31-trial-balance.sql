-- Balance of each account; the balances of one currency add up to zero.
SELECT tenant, currency, account, sum(amount) AS balance, count(*) AS lines FROM journal_lines GROUP BY ALL
