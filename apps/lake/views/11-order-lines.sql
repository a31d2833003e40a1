-- Lines of orders as they stand now: quantities after edits, before refunds; net after discounts and without tax.
WITH told AS (
  SELECT tenant, order_id, stream_version, content FROM order_placed
  UNION ALL SELECT tenant, order_id, stream_version, content FROM order_amended
  UNION ALL SELECT tenant, order_id, stream_version, content FROM order_released
), latest AS (SELECT tenant, order_id, arg_max(content, stream_version) AS content FROM told GROUP BY tenant, order_id),
lines AS (SELECT tenant, order_id, unnest(content.lines) AS line FROM latest)
SELECT o.tenant, o.order_id, o.channel, o.placed_at, o.status, o.currency, line.lineId AS line_id, line.item AS item, line.title AS title,
  line.quantity AS quantity, line.unitPrice.shop AS unit_price, line.discount.shop AS discount, line.net.shop AS net, line.tax.shop AS tax,
  line.shippable AS shippable, o.test
FROM lines JOIN orders AS o USING (tenant, order_id)
