/**
 * Columns of every file, in order. The names are the same in all topics and never change their meaning; a new one is added at the end.
 * `stage` is how the exporter hands a value over, `stored` the expression that makes the stored one of it.
 */
export const columns = [
  { name: 'topic', stage: 'VARCHAR', stored: 'topic' },
  { name: 'p', stage: 'INTEGER', stored: 'p' },
  { name: 'off', stage: 'BIGINT', stored: 'off' },
  { name: 'occurred_at', stage: 'VARCHAR', stored: 'TRY_CAST(occurred_at AS TIMESTAMPTZ)' },
  { name: 'recorded_at', stage: 'VARCHAR', stored: 'TRY_CAST(recorded_at AS TIMESTAMPTZ)' },
  { name: 'appended_at', stage: 'BIGINT', stored: 'make_timestamptz(appended_at * 1000)' },
  { name: 'id', stage: 'VARCHAR', stored: 'id' },
  { name: 'type', stage: 'VARCHAR', stored: 'type' },
  { name: 'type_version', stage: 'INTEGER', stored: 'type_version' },
  { name: 'tenant', stage: 'VARCHAR', stored: 'tenant' },
  { name: 'key', stage: 'VARCHAR', stored: 'key' },
  { name: 'subject', stage: 'VARCHAR', stored: 'subject' },
  { name: 'stream_version', stage: 'INTEGER', stored: 'stream_version' },
  { name: 'epoch', stage: 'INTEGER', stored: 'epoch' },
  { name: 'seq', stage: 'BIGINT', stored: 'seq' },
  { name: 'repeated', stage: 'BOOLEAN', stored: 'repeated' },
  { name: 'source', stage: 'VARCHAR', stored: 'source' },
  { name: 'actor', stage: 'VARCHAR', stored: 'actor' },
  { name: 'correlation_id', stage: 'VARCHAR', stored: 'correlation_id' },
  { name: 'causation_id', stage: 'VARCHAR', stored: 'causation_id' },
  { name: 'cause_position', stage: 'VARCHAR', stored: 'cause_position' },
  { name: 'traceparent', stage: 'VARCHAR', stored: 'traceparent' },
  { name: 'tracestate', stage: 'VARCHAR', stored: 'tracestate' },
  { name: 'data', stage: 'VARCHAR', stored: 'data' },
  {
    name: 'fault',
    stage: 'VARCHAR',
    stored: `CASE WHEN fault IS NOT NULL THEN fault
      WHEN TRY_CAST(occurred_at AS TIMESTAMPTZ) IS NULL OR TRY_CAST(recorded_at AS TIMESTAMPTZ) IS NULL THEN 'time-unreadable' END`,
  },
  { name: 'value', stage: 'BLOB', stored: 'value' },
  { name: 'serial', stage: 'BIGINT', stored: 'serial' },
  { name: 'cause_end', stage: 'INTEGER', stored: 'cause_end' },
  { name: 'header_type', stage: 'VARCHAR', stored: 'header_type' },
  { name: 'time_text', stage: 'VARCHAR', stored: 'time_text' },
] as const;
