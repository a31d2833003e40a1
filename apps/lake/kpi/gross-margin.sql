-- title: Gross margin of what was shipped, less what came back
-- owner: finance
-- unit: shop currency
-- grain: item and channel
-- better: higher
-- plot: bar x=item y=margin color=channel
-- note: sales without tax and after discounts, for the part of a line that was shipped; cost as inventory booked it.
WITH shipped AS (
  SELECT order_id, line.lineId AS line_id, line.item AS item, sum(line.quantity) AS quantity, sum(line.cost) AS cost
  FROM (SELECT *, unnest(lines) AS line FROM stock_shipped) GROUP BY ALL
), restocked AS (
  SELECT order_id, line.lineId AS line_id, sum(line.quantity) AS quantity, sum(line.cost) AS cost
  FROM (SELECT *, unnest(lines) AS line FROM stock_restocked) GROUP BY ALL
), refunded AS (
  SELECT order_id, line.lineId AS line_id, sum(line.net) AS net FROM (SELECT *, unnest(lines) AS line FROM refunds) GROUP BY ALL
)
SELECT s.item, l.channel, l.currency, sum(s.quantity - coalesce(r.quantity, 0)) AS pieces,
  round(sum(l.net * s.quantity / nullif(l.quantity, 0) - coalesce(f.net, 0)), 2)::DECIMAL(38,2) AS sales,
  sum(s.cost - coalesce(r.cost, 0)) AS cost,
  round(sum(l.net * s.quantity / nullif(l.quantity, 0) - coalesce(f.net, 0)) - sum(s.cost - coalesce(r.cost, 0)), 2)::DECIMAL(38,2) AS margin,
  round(1 - sum(s.cost - coalesce(r.cost, 0)) / nullif(sum(l.net * s.quantity / nullif(l.quantity, 0) - coalesce(f.net, 0)), 0), 4) AS margin_share
FROM shipped AS s
JOIN order_lines AS l ON l.order_id = s.order_id AND l.line_id = s.line_id
LEFT JOIN restocked AS r ON r.order_id = s.order_id AND r.line_id = s.line_id
LEFT JOIN refunded AS f ON f.order_id = s.order_id AND f.line_id = s.line_id
GROUP BY ALL ORDER BY ALL
