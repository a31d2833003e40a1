-- title: Hours from placing to the last shipment, against the promise of 24 hours
-- owner: operations
-- unit: hours
-- grain: day placed (UTC) and tenant
-- better: lower
-- plot: line x=day y=median_hours,p90_hours
-- note: no event carries a promised date; 24 hours is what the shop says. Orders that are still open and past it count as late; those with nothing to ship do not count once they are completed.
WITH timed AS (
  SELECT placed_at::DATE AS day, tenant, date_diff('second', placed_at, shipped_at) / 3600 AS hours,
    coalesce(shipped_at, (SELECT max(recorded_at) FROM events)) > placed_at + INTERVAL 24 HOURS AS late
  FROM orders WHERE NOT test AND cancelled_at IS NULL AND (first_shipped_at IS NOT NULL OR completed_at IS NULL)
)
SELECT day, tenant, count(*) AS orders, count(hours) AS shipped, round(median(hours), 2) AS median_hours, round(quantile_cont(hours, 0.9), 2) AS p90_hours,
  round(1 - count(*) FILTER (WHERE late) / count(*), 4) AS kept
FROM timed GROUP BY day, tenant ORDER BY day, tenant
