-- Orders as they stand now, one row each: money in the shop's currency, and when each step was reached first.
WITH told AS (
  SELECT tenant, order_id, stream_version, content, NULL AS head FROM order_placed
  UNION ALL
  SELECT tenant, order_id, stream_version, content, head FROM order_amended
  UNION ALL
  SELECT tenant, order_id, stream_version, content, NULL FROM order_released
), latest AS (
  SELECT tenant, order_id, arg_max(content, stream_version) AS content FROM told GROUP BY tenant, order_id
), heads AS (
  SELECT tenant, order_id, arg_max(head, stream_version) AS head FROM order_amended WHERE head IS NOT NULL GROUP BY tenant, order_id
), held AS (
  SELECT tenant, order_id, arg_max(is_held, stream_version) AS held, count(*) FILTER (WHERE is_held) AS times_held
  FROM (
    SELECT tenant, order_id, stream_version, coalesce(len(hold), 0) > 0 AS is_held FROM order_placed
    UNION ALL SELECT tenant, order_id, stream_version, true FROM order_held
    UNION ALL SELECT tenant, order_id, stream_version, false FROM order_released
  ) GROUP BY tenant, order_id
), confirmed AS (SELECT tenant, order_id, min(occurred_at) AS confirmed_at FROM order_confirmed GROUP BY tenant, order_id
), stocked AS (
  SELECT tenant, order_id, arg_max(step, stream_version) AS step
  FROM (
    SELECT tenant, order_id, stream_version, 'confirmed' AS step FROM order_confirmed
    UNION ALL SELECT tenant, order_id, stream_version, 'backordered' FROM order_backordered
    UNION ALL SELECT tenant, order_id, stream_version, 'placed' FROM order_held
    UNION ALL SELECT tenant, order_id, stream_version, 'placed' FROM order_released
  ) GROUP BY tenant, order_id
), backordered AS (SELECT tenant, order_id, min(occurred_at) AS backordered_at FROM order_backordered GROUP BY tenant, order_id),
sent AS (
  SELECT tenant, order_id, min(shipped_at) AS first_shipped_at, max(shipped_at) AS last_shipped_at,
    max(shipped_at) FILTER (WHERE complete) AS shipped_at
  FROM shipments GROUP BY tenant, order_id
), done AS (SELECT tenant, order_id, max(occurred_at) AS completed_at FROM order_completed GROUP BY tenant, order_id),
cancelled AS (SELECT tenant, order_id, min(data_at) AS cancelled_at FROM order_cancelled GROUP BY tenant, order_id),
money AS (
  SELECT tenant, order_id, sum(amount) AS received, min(occurred_at) AS first_paid_at, arg_max(complete, stream_version) AS is_paid,
    max(occurred_at) FILTER (WHERE complete) AS paid_at
  FROM order_paid GROUP BY tenant, order_id
),
back AS (SELECT tenant, order_id, sum(money) AS refunded, count(*) AS refunds FROM refunds GROUP BY tenant, order_id)
SELECT
  p.tenant, p.order_id, p.channel, p.channel_order_id, coalesce(h.head.number, p.number) AS number, coalesce(h.head.placedAt, p.placed_at) AS placed_at,
  p.recorded_at, coalesce(h.head.test, p.test) AS test,
  CASE
    WHEN c.cancelled_at IS NOT NULL THEN 'cancelled'
    WHEN d.completed_at IS NOT NULL THEN 'completed'
    WHEN s.shipped_at IS NOT NULL THEN 'shipped'
    WHEN coalesce(held.held, false) THEN 'held'
    WHEN s.first_shipped_at IS NOT NULL THEN 'partly shipped'
    ELSE coalesce(t.step, 'placed')
  END AS status,
  p.currencies.shop AS currency,
  l.content.total.shop AS total,
  list_sum(list_transform(l.content.lines, lambda x: x.net.shop)) AS net_goods,
  list_sum(list_transform(l.content.lines, lambda x: x.tax.shop)) AS tax_goods,
  l.content.shipping.net.shop AS shipping,
  list_sum(list_transform(l.content.lines, lambda x: x.quantity)) AS pieces,
  coalesce(m.received, 0) AS received, coalesce(back.refunded, 0) AS refunded, coalesce(back.refunds, 0) AS refunds,
  coalesce(h.head.customer.subject, p.customer.subject) AS customer_subject,
  coalesce(h.head.customer.email, p.customer.email) AS customer_email_hash,
  coalesce(h.head.customer.phone, p.customer.phone) AS customer_phone_hash,
  coalesce(h.head.staffId, p.staff_id) AS staff_id, coalesce(h.head.locationId, p.location_id) AS location_id,
  held.times_held, o.confirmed_at, b.backordered_at, s.first_shipped_at,
  -- What was left may have been refunded instead: then the last shipment made it whole.
  coalesce(s.shipped_at, CASE WHEN d.completed_at IS NOT NULL THEN s.last_shipped_at END) AS shipped_at,
  -- A capture that was taken back opens the order again.
  m.first_paid_at, CASE WHEN m.is_paid THEN m.paid_at END AS paid_at, d.completed_at, c.cancelled_at,
  p.correlation_id
FROM order_placed AS p
JOIN latest AS l USING (tenant, order_id)
LEFT JOIN heads AS h USING (tenant, order_id)
LEFT JOIN held USING (tenant, order_id)
LEFT JOIN confirmed AS o USING (tenant, order_id)
LEFT JOIN stocked AS t USING (tenant, order_id)
LEFT JOIN backordered AS b USING (tenant, order_id)
LEFT JOIN sent AS s USING (tenant, order_id)
LEFT JOIN done AS d USING (tenant, order_id)
LEFT JOIN cancelled AS c USING (tenant, order_id)
LEFT JOIN money AS m USING (tenant, order_id)
LEFT JOIN back USING (tenant, order_id)
