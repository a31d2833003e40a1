-- Everything that changed what lies in stock: quantity and cost with their sign, one row for each line.
SELECT tenant, 'received' AS kind, item, location, quantity, cost, currency, NULL AS order_id, occurred_at, recorded_at, id AS event_id FROM stock_received
UNION ALL
SELECT tenant, 'adjusted', item, location, quantity, cost, currency, order_id, occurred_at, recorded_at, id FROM stock_adjusted
UNION ALL
SELECT tenant, 'shipped', line.item, line.location, -line.quantity, -line.cost, currency, order_id, occurred_at, recorded_at, id
FROM (SELECT *, unnest(lines) AS line FROM stock_shipped)
UNION ALL
SELECT tenant, 'restocked', line.item, line.location, line.quantity, line.cost, currency, order_id, occurred_at, recorded_at, id
FROM (SELECT *, unnest(lines) AS line FROM stock_restocked)
