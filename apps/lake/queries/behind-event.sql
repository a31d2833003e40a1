-- title: What is behind one event, or an entry of the ledger: each cause, up to the webhook or request that began it
-- owner: operations
-- unit: events
-- grain: event, the one that was asked for first
-- values: event
-- note: event is an id, a position as the other queries give it, such as people/0/12, or the journal of an entry of the ledger. The books of an order follow all of its facts; the others are in order-timeline.
WITH RECURSIVE asked AS MATERIALIZED (
  SELECT id, correlation_id FROM events
  WHERE id = $event OR (off = try_cast(split_part($event, '/', -1) AS BIGINT) AND topic || '/' || p || '/' || off = $event)
  UNION
  SELECT id, correlation_id FROM journal_posted WHERE journal_id = $event
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
