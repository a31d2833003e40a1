-- title: All that belongs to one order, in the order in which it was recorded
-- owner: operations
-- unit: events
-- grain: event
-- values: order
SELECT e.recorded_at, e.type, e.subject, e.actor, e.topic || '/' || e.p || '/' || e.off AS position, e.cause_position
FROM events AS e
WHERE e.correlation_id IN (SELECT correlation_id FROM events WHERE subject = $order AND topic IN ('orders', 'channels'))
   OR e.subject = $order
   OR e.cause_position IN (SELECT topic || '/' || p || '/' || off FROM events WHERE subject = $order)
ORDER BY e.recorded_at, e.topic, e.off
