-- title: All that belongs to one order, in the order in which it was recorded
-- owner: operations
-- unit: events
-- grain: event, tenant by tenant
-- values: order
WITH named AS MATERIALIZED (
  SELECT tenant, correlation_id, topic, topic || '/' || p || '/' || off AS position FROM events WHERE subject = $order
), found AS (
  -- Three questions to a column each: one with three conditions would read all of them for every event.
  SELECT tenant, recorded_at, type, subject, actor, topic, p, off, cause_position FROM events WHERE subject = $order
  UNION
  SELECT e.tenant, e.recorded_at, e.type, e.subject, e.actor, e.topic, e.p, e.off, e.cause_position FROM events AS e
  SEMI JOIN (SELECT tenant, correlation_id FROM named WHERE topic IN ('orders', 'channels')) AS n ON n.tenant = e.tenant AND n.correlation_id = e.correlation_id
  UNION
  SELECT e.tenant, e.recorded_at, e.type, e.subject, e.actor, e.topic, e.p, e.off, e.cause_position FROM events AS e
  SEMI JOIN named ON named.position = e.cause_position
)
SELECT tenant, recorded_at, type, subject, actor, topic || '/' || p || '/' || off AS position, cause_position
FROM found ORDER BY tenant, recorded_at, topic, off
