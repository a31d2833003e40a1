-- title: What lies in stock, and what it is worth
-- owner: inventory
-- unit: pieces and shop currency
-- grain: tenant, item, location and currency
SELECT tenant, item, location, sum(quantity) AS on_hand, sum(cost) AS value, currency FROM stock_movements GROUP BY ALL ORDER BY ALL
