-- title: Orders with a refund, and the money that went back
-- owner: finance
-- unit: share
-- grain: day placed (UTC), tenant and currency
-- better: lower
-- plot: line x=day y=orders_share,money_share
SELECT placed_at::DATE AS day, tenant, currency, count(*) AS orders, count(*) FILTER (WHERE refunds > 0) AS with_refund,
  round(count(*) FILTER (WHERE refunds > 0) / count(*), 4) AS orders_share,
  sum(received) AS received, sum(refunded) AS refunded, round(sum(refunded) / nullif(sum(received), 0), 4) AS money_share
FROM orders WHERE NOT test GROUP BY ALL ORDER BY ALL
