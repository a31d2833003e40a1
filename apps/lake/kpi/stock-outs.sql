-- title: Order lines that found too little stock
-- owner: inventory
-- unit: lines
-- grain: day (UTC), tenant and item
-- better: lower
-- plot: bar x=day y=lines color=item
SELECT min_at::DATE AS day, tenant, item, count(*) AS lines, sum(missing) AS pieces_missing
FROM (
  SELECT tenant, order_id, line.lineId AS line_id, line.item AS item, min(occurred_at) AS min_at, arg_min(line.missing, stream_version) AS missing
  FROM (SELECT *, unnest(lines) AS line FROM stock_short) GROUP BY ALL
)
GROUP BY ALL ORDER BY ALL
