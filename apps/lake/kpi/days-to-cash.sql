-- title: Days from placing to the whole payment
-- owner: finance
-- unit: days
-- grain: day placed (UTC), tenant and currency
-- better: lower
-- plot: line x=day y=mean_days,p90_days
SELECT placed_at::DATE AS day, tenant, currency, count(*) AS orders, count(paid_at) AS paid,
  round(avg(date_diff('second', placed_at, paid_at) / 86400), 3) AS mean_days,
  round(quantile_cont(date_diff('second', placed_at, paid_at) / 86400, 0.9), 3) AS p90_days,
  sum(total - received) FILTER (WHERE paid_at IS NULL) AS still_open
FROM orders WHERE NOT test AND cancelled_at IS NULL
GROUP BY ALL ORDER BY ALL
