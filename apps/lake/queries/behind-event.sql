-- title: What is behind one event: each cause, up to the webhook or request that began it
-- owner: operations
-- unit: events
-- grain: event, the one that was asked for first
-- values: event
-- note: event is an id, or a position as the other queries give it, such as people/0/12.
WITH RECURSIVE asked AS MATERIALIZED (
  SELECT id, correlation_id FROM events
  WHERE id = $event OR (off = try_cast(split_part($event, '/', -1) AS BIGINT) AND topic || '/' || p || '/' || off = $event)
), known AS MATERIALIZED (
  -- A cause and what follows from it are of one business transaction, which has an id.
  SELECT tenant, id, causation_id, recorded_at, type, type_version, subject, source, actor, topic || '/' || p || '/' || off AS position
  FROM events WHERE correlation_id IN (SELECT correlation_id FROM asked)
), behind AS (
  SELECT 0 AS step, known.* FROM known WHERE id IN (SELECT id FROM asked)
  UNION
  SELECT behind.step + 1, known.* FROM behind JOIN known ON known.id = behind.causation_id
)
SELECT tenant, step, recorded_at, type || '/' || type_version AS event, subject, source, actor, position,
  CASE WHEN causation_id LIKE 'request/%' THEN 'request ' || split_part(causation_id, '/', 2) END AS begun_by
FROM behind ORDER BY tenant, step
