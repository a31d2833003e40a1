-- title: Stock as we knew it at one moment, of what had happened by another
-- owner: inventory
-- unit: pieces and shop currency
-- grain: tenant, item, location and currency
-- values: recorded, occurred
-- note: recorded is what we knew by then, occurred what had happened by then; give the same moment twice for the plain question.
SELECT tenant, item, location, sum(quantity) AS on_hand, sum(cost) AS value, currency
FROM stock_movements WHERE recorded_at <= $recorded::TIMESTAMPTZ AND occurred_at <= $occurred::TIMESTAMPTZ
GROUP BY ALL ORDER BY ALL
