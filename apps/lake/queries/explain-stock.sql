-- title: How the stock of an item came about: each movement, what was there after it, and what began it
-- owner: inventory
-- unit: pieces and shop currency
-- grain: movement
-- values: item
WITH began AS (
  SELECT tenant, correlation_id, min_by(type || ' ' || topic || '/' || p || '/' || off, (cause_position IS NOT NULL, recorded_at, topic, p, off)) AS by_what FROM events GROUP BY tenant, correlation_id
)
SELECT m.tenant, m.recorded_at, m.kind, m.location, m.quantity, m.cost, m.order_id,
  sum(m.quantity) OVER (PARTITION BY m.tenant, m.location ORDER BY m.recorded_at, e.topic, e.p, e.off, m.event_id) AS on_hand,
  sum(m.cost) OVER (PARTITION BY m.tenant ORDER BY m.recorded_at, e.topic, e.p, e.off, m.event_id) AS value,
  e.topic || '/' || e.p || '/' || e.off AS position, e.actor, began.by_what AS begun_by
FROM stock_movements AS m
JOIN events AS e ON e.id = m.event_id
LEFT JOIN began ON began.tenant = e.tenant AND began.correlation_id = e.correlation_id
WHERE m.item = $item
ORDER BY m.tenant, m.recorded_at, e.topic, e.p, e.off, m.event_id
