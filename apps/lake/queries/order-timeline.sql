-- title: All that belongs to one order, in the order in which it was recorded
-- owner: operations
-- unit: events
-- grain: event, tenant by tenant
-- values: order
SELECT e.tenant, e.recorded_at, e.type, e.subject, e.actor, e.topic || '/' || e.p || '/' || e.off AS position, e.cause_position
FROM events AS e
WHERE (e.tenant, e.correlation_id) IN (SELECT (tenant, correlation_id) FROM events WHERE subject = $order AND topic IN ('orders', 'channels'))
   OR e.subject = $order
   OR e.cause_position IN (SELECT topic || '/' || p || '/' || off FROM events WHERE subject = $order)
ORDER BY e.tenant, e.recorded_at, e.topic, e.off
