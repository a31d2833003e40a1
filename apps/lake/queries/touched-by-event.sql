-- title: Everything that one event led to, in every department
-- owner: operations
-- unit: events
-- grain: event
-- values: event
-- note: event is an id, or a position as the other queries give it, such as orders/0/29.
WITH RECURSIVE known AS MATERIALIZED (
  SELECT tenant, id, causation_id, recorded_at, type, type_version, subject, source, topic || '/' || p || '/' || off AS position FROM events
), touched AS (
  SELECT 0 AS step, known.* FROM known WHERE $event IN (id, position)
  UNION
  SELECT touched.step + 1, known.* FROM touched JOIN known ON known.causation_id = touched.id
)
SELECT tenant, step, recorded_at, type || '/' || type_version AS event, subject, source, position FROM touched ORDER BY step, recorded_at, position
