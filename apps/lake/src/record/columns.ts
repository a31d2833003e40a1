/**
 * What the exporter hands to DuckDB of each record; topic and partition are the same for all of a file. A time is handed over as a number,
 * or as its text where that is not how `Date` spells it.
 */
export const staged = [
  { name: 'off', type: 'BIGINT' },
  { name: 'occurred_ms', type: 'BIGINT' },
  { name: 'time_text', type: 'VARCHAR' },
  { name: 'recorded_ms', type: 'BIGINT' },
  { name: 'recorded_text', type: 'VARCHAR' },
  { name: 'appended_ms', type: 'BIGINT' },
  { name: 'id', type: 'VARCHAR' },
  { name: 'type', type: 'VARCHAR' },
  { name: 'type_version', type: 'INTEGER' },
  { name: 'tenant', type: 'VARCHAR' },
  { name: 'key', type: 'VARCHAR' },
  { name: 'subject', type: 'VARCHAR' },
  { name: 'stream_version', type: 'INTEGER' },
  { name: 'epoch', type: 'INTEGER' },
  { name: 'seq', type: 'BIGINT' },
  { name: 'repeated', type: 'BOOLEAN' },
  { name: 'source', type: 'VARCHAR' },
  { name: 'actor', type: 'VARCHAR' },
  { name: 'correlation_id', type: 'VARCHAR' },
  { name: 'causation_id', type: 'VARCHAR' },
  { name: 'cause_position', type: 'VARCHAR' },
  { name: 'traceparent', type: 'VARCHAR' },
  { name: 'tracestate', type: 'VARCHAR' },
  { name: 'data', type: 'VARCHAR' },
  { name: 'fault', type: 'VARCHAR' },
  { name: 'value', type: 'BLOB' },
  { name: 'serial', type: 'BIGINT' },
  { name: 'cause_end', type: 'INTEGER' },
  { name: 'header_type', type: 'VARCHAR' },
] as const;

export type StagedType = (typeof staged)[number]['type'];

const occurredAt = 'coalesce(make_timestamptz(occurred_ms * 1000), TRY_CAST(time_text AS TIMESTAMPTZ))';
const recordedAt = 'coalesce(make_timestamptz(recorded_ms * 1000), TRY_CAST(recorded_text AS TIMESTAMPTZ))';

/**
 * Columns of every file, in order. The names are the same in all topics and never change their meaning; a new one is added at the end.
 * `type`: of the stored value; `stored`: the expression that makes the stored value of what was handed over.
 */
export const columns = [
  { name: 'topic', type: 'VARCHAR', stored: 'topic' },
  { name: 'p', type: 'INTEGER', stored: 'p' },
  { name: 'off', type: 'BIGINT', stored: 'off' },
  { name: 'occurred_at', type: 'TIMESTAMPTZ', stored: occurredAt },
  { name: 'recorded_at', type: 'TIMESTAMPTZ', stored: recordedAt },
  { name: 'appended_at', type: 'TIMESTAMPTZ', stored: 'make_timestamptz(appended_ms * 1000)' },
  { name: 'id', type: 'VARCHAR', stored: 'id' },
  { name: 'type', type: 'VARCHAR', stored: 'type' },
  { name: 'type_version', type: 'INTEGER', stored: 'type_version' },
  { name: 'tenant', type: 'VARCHAR', stored: 'tenant' },
  { name: 'key', type: 'VARCHAR', stored: 'key' },
  { name: 'subject', type: 'VARCHAR', stored: 'subject' },
  { name: 'stream_version', type: 'INTEGER', stored: 'stream_version' },
  { name: 'epoch', type: 'INTEGER', stored: 'epoch' },
  { name: 'seq', type: 'BIGINT', stored: 'seq' },
  { name: 'repeated', type: 'BOOLEAN', stored: 'repeated' },
  { name: 'source', type: 'VARCHAR', stored: 'source' },
  { name: 'actor', type: 'VARCHAR', stored: 'actor' },
  { name: 'correlation_id', type: 'VARCHAR', stored: 'correlation_id' },
  { name: 'causation_id', type: 'VARCHAR', stored: 'causation_id' },
  { name: 'cause_position', type: 'VARCHAR', stored: 'cause_position' },
  { name: 'traceparent', type: 'VARCHAR', stored: 'traceparent' },
  { name: 'tracestate', type: 'VARCHAR', stored: 'tracestate' },
  { name: 'data', type: 'VARCHAR', stored: 'data' },
  {
    name: 'fault',
    type: 'VARCHAR',
    stored: `CASE WHEN fault IS NOT NULL THEN fault WHEN ${occurredAt} IS NULL OR ${recordedAt} IS NULL THEN 'time-unreadable' END`,
  },
  { name: 'value', type: 'BLOB', stored: 'value' },
  { name: 'serial', type: 'BIGINT', stored: 'serial' },
  { name: 'cause_end', type: 'INTEGER', stored: 'cause_end' },
  { name: 'header_type', type: 'VARCHAR', stored: 'header_type' },
  { name: 'time_text', type: 'VARCHAR', stored: 'time_text' },
] as const;
