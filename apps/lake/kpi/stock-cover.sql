-- title: Days that the stock lasts at the pace of the last 28 days
-- owner: inventory
-- unit: days
-- grain: tenant and item
-- better: neither
-- plot: bar x=item y=days_of_cover
-- note: days_of_cover is empty for an item that did not sell, value where costs are in several currencies.
WITH now AS (SELECT max(occurred_at) AS at FROM stock_movements),
moved AS (
  SELECT tenant, item, sum(quantity) AS on_hand, max(currency) AS currency, CASE WHEN count(DISTINCT currency) < 2 THEN sum(cost) END AS value,
    -coalesce(sum(quantity) FILTER (WHERE kind = 'shipped' AND occurred_at > now.at - INTERVAL 28 DAYS), 0) AS shipped_28_days,
    least(28, greatest(1, date_diff('day', min(occurred_at)::DATE, any_value(now.at)::DATE))) AS days
  FROM stock_movements, now GROUP BY tenant, item
)
SELECT tenant, item, on_hand, value, CASE WHEN value IS NOT NULL THEN currency END AS currency, shipped_28_days, round(shipped_28_days / days, 2) AS pieces_a_day,
  CASE WHEN shipped_28_days > 0 THEN round(on_hand / (shipped_28_days / days), 1) END AS days_of_cover
FROM moved ORDER BY tenant, days_of_cover NULLS LAST, item
