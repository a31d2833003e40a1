-- title: Everything that one event led to, in every department
-- owner: operations
-- unit: events
-- grain: event
-- values: event
WITH RECURSIVE known AS MATERIALIZED (
  SELECT id, causation_id, recorded_at, type, subject, source, topic || '/' || p || '/' || off AS position FROM events
), touched AS (
  SELECT 0 AS step, known.* FROM known WHERE id = $event
  UNION
  SELECT touched.step + 1, known.* FROM touched JOIN known ON known.causation_id = touched.id
)
SELECT step, recorded_at, type, subject, source, position FROM touched ORDER BY step, recorded_at, position
