-- title: Everything that one event led to, in every department
-- owner: operations
-- unit: events
-- grain: event
-- values: event
-- note: event is an id, or a position as the other queries give it, such as orders/0/29.
WITH RECURSIVE asked AS MATERIALIZED (
  SELECT id, correlation_id FROM events
  WHERE id = $event OR (off = try_cast(split_part($event, '/', -1) AS BIGINT) AND topic || '/' || p || '/' || off = $event)
), known AS MATERIALIZED (
  -- A cause and what follows from it are of one business transaction, which has an id.
  SELECT tenant, id, causation_id, recorded_at, type, type_version, subject, source, topic || '/' || p || '/' || off AS position
  FROM events WHERE correlation_id IN (SELECT correlation_id FROM asked)
), touched AS (
  SELECT 0 AS step, known.* FROM known WHERE id IN (SELECT id FROM asked)
  UNION
  SELECT touched.step + 1, known.* FROM touched JOIN known ON known.causation_id = touched.id
)
SELECT tenant, step, recorded_at, type || '/' || type_version AS event, subject, source, position FROM touched ORDER BY step, recorded_at, position
