-- title: Gross margin of what was shipped, less what came back
-- owner: finance
-- unit: shop currency
-- grain: tenant, item and channel
-- better: higher
-- plot: bar x=item y=margin color=channel
-- note: sales without tax and after discounts, as the ledger earns them: for pieces that left, less what was refunded of these; cost as inventory booked it.
WITH shipped AS (
  SELECT tenant, order_id, line.lineId AS line_id, line.item AS item, sum(line.quantity) AS quantity, sum(line.cost) AS cost
  FROM (SELECT *, unnest(lines) AS line FROM stock_shipped) GROUP BY ALL
), restocked AS (
  SELECT tenant, order_id, line.lineId AS line_id, sum(line.quantity) AS quantity, sum(line.cost) AS cost
  FROM (SELECT *, unnest(lines) AS line FROM stock_restocked) GROUP BY ALL
), told AS (
  SELECT tenant, order_id, refund_id, lines, row_number() OVER (PARTITION BY tenant, order_id, refund_id ORDER BY stream_version DESC) AS nth
  FROM order_returned
), goods AS (
  SELECT tenant, order_id, refund_id, line.lineId AS line_id,
    coalesce(sum(line.quantity) FILTER (WHERE line.restock = 'cancel'), 0) AS cancelled,
    coalesce(sum(line.quantity) FILTER (WHERE line.restock = 'return'), 0) AS returned
  FROM (SELECT *, unnest(lines) AS line FROM told WHERE nth = 1) GROUP BY ALL
), credited AS (
  SELECT tenant, order_id, refund_id, line.lineId AS line_id, sum(line.quantity) AS quantity, sum(line.net) AS net
  FROM (SELECT *, unnest(lines) AS line FROM refunds) GROUP BY ALL
), refunded AS (
  SELECT c.tenant, c.order_id, c.line_id, sum(c.quantity) AS quantity, sum(c.net) AS net,
    sum(coalesce(g.cancelled, 0)) AS cancelled, sum(coalesce(c.net * g.cancelled / nullif(c.quantity, 0), 0)) AS cancelled_net,
    sum(coalesce(g.returned, 0)) AS returned, sum(coalesce(c.net * g.returned / nullif(c.quantity, 0), 0)) AS returned_net
  FROM credited AS c
  LEFT JOIN goods AS g ON g.tenant = c.tenant AND g.order_id = c.order_id AND g.refund_id = c.refund_id AND g.line_id = c.line_id
  GROUP BY c.tenant, c.order_id, c.line_id
), sold AS (
  SELECT s.tenant, s.item, l.channel, l.currency, s.quantity AS shipped, l.quantity AS ordered, l.net AS ordered_net,
    coalesce(f.cancelled, 0) AS cancelled, coalesce(f.cancelled_net, 0) AS cancelled_net,
    coalesce(f.returned, 0) AS returned, coalesce(f.returned_net, 0) AS returned_net,
    coalesce(f.quantity - f.cancelled - f.returned, 0) AS not_back, coalesce(f.net - f.cancelled_net - f.returned_net, 0) AS not_back_net,
    s.quantity - coalesce(r.quantity, 0) AS pieces, s.cost - coalesce(r.cost, 0) AS cost
  FROM shipped AS s
  JOIN order_lines AS l ON l.tenant = s.tenant AND l.order_id = s.order_id AND l.line_id = s.line_id
  LEFT JOIN restocked AS r ON r.tenant = s.tenant AND r.order_id = s.order_id AND r.line_id = s.line_id
  LEFT JOIN refunded AS f ON f.tenant = s.tenant AND f.order_id = s.order_id AND f.line_id = s.line_id
  WHERE NOT l.test
), left_out AS (
  -- Refunded and not back: never shipped as long as so many are unshipped, else shipped and kept.
  SELECT *, least(not_back, greatest(ordered - cancelled - shipped, 0)) AS never_left FROM sold
), valued AS (
  SELECT *, ordered - cancelled - never_left AS to_ship, coalesce(not_back_net * never_left / nullif(not_back, 0), 0) AS never_left_net FROM left_out
), earned AS (
  SELECT tenant, item, channel, currency, pieces, cost,
    coalesce((ordered_net - cancelled_net - never_left_net) * least(shipped, to_ship) / nullif(to_ship, 0), 0)
      - coalesce(returned_net * least(returned, shipped) / nullif(returned, 0), 0)
      - CASE WHEN shipped > 0 THEN not_back_net - never_left_net ELSE 0 END AS sales
  FROM valued
)
SELECT tenant, item, channel, currency, sum(pieces) AS pieces, round(sum(sales), 2)::DECIMAL(38,2) AS sales, sum(cost) AS cost,
  round(sum(sales) - sum(cost), 2)::DECIMAL(38,2) AS margin, round(1 - sum(cost) / nullif(sum(sales), 0), 4) AS margin_share
FROM earned GROUP BY ALL ORDER BY ALL
