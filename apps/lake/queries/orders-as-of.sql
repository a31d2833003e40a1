-- title: Orders as we knew them at one moment, of what had happened by another
-- owner: operations
-- unit: orders
-- grain: order
-- values: recorded, occurred
-- note: recorded is what we knew by then, occurred what had happened by then; give the same moment twice for the plain question.
SELECT tenant, subject AS order_id, max(stream_version) AS version, arg_max(type, stream_version) AS last_event, count(*) AS events,
  min(occurred_at) AS first_at, max(occurred_at) AS last_at, max(recorded_at) AS known_since
FROM events
WHERE topic = 'orders' AND type LIKE 'order.%' AND recorded_at <= $recorded::TIMESTAMPTZ AND occurred_at <= $occurred::TIMESTAMPTZ
GROUP BY tenant, subject ORDER BY tenant, order_id
