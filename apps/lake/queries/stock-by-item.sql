-- title: What lies in stock, and what it is worth
-- owner: inventory
-- unit: pieces and shop currency
-- grain: item and location
SELECT item, location, sum(quantity) AS on_hand, sum(cost) AS value FROM stock_movements GROUP BY ALL ORDER BY ALL
