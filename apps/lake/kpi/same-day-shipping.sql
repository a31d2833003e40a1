-- title: Orders shipped whole on the day they were placed
-- owner: operations
-- unit: share
-- grain: day placed (UTC), tenant and channel
-- better: higher
-- plot: line x=day y=share color=channel
-- note: orders with nothing to ship do not count once they are completed.
SELECT placed_at::DATE AS day, tenant, channel, count(*) AS orders,
  count(*) FILTER (WHERE shipped_at::DATE = placed_at::DATE) AS shipped_same_day,
  round(count(*) FILTER (WHERE shipped_at::DATE = placed_at::DATE) / count(*), 4) AS share
FROM orders WHERE NOT test AND cancelled_at IS NULL AND (first_shipped_at IS NOT NULL OR completed_at IS NULL)
GROUP BY ALL ORDER BY ALL
