/** The time of an event as its text was. */
export const timeText = `coalesce(time_text, ${isoText('occurred_at')})`;

const texts = [
  'id',
  'source',
  'subject',
  'tenant',
  'correlation_id',
  'causation_id',
  'cause_position',
  'actor',
  'traceparent',
  'tracestate',
  'type',
];

/** Nothing in it that JSON writes otherwise than it is: then the columns put together are the value. */
const isPlain = `regexp_full_match(concat_ws('', ${texts.join(', ')}, time_text), '[ !#-\\[\\]-~]*')`;

const text = (name: string, column: string): string => `'"${name}":"', ${column}, '",'`;
/** Nothing where the column is NULL: `concat` passes over it. */
const textIfAny = (name: string, column: string): string => `'"${name}":"' || ${column} || '",'`;

/** As `writeValue` writes it. */
const plainValue = [
  `'{"specversion":"1.0",'`,
  text('id', 'id'),
  textIfAny('source', 'source'),
  text('type', 'type'),
  text('subject', 'subject'),
  text('time', timeText),
  `'"datacontenttype":"application/json",'`,
  text('dataschema', `type, '/', type_version`),
  text('tenant', 'tenant'),
  `'"streamversion":' || stream_version || ','`,
  text('recordedtime', isoText('recorded_at')),
  text('correlationid', 'correlation_id'),
  text('causationid', 'causation_id'),
  textIfAny('causeposition', 'cause_position'),
  textIfAny('actor', 'actor'),
  textIfAny('traceparent', 'traceparent'),
  textIfAny('tracestate', 'tracestate'),
  `'"data":', data, ',"causeend":' || cause_end, '}'`,
].join(', ');

/** The value of a record, byte for byte, where columns give it that are all plain; else NULL. */
export const valueInSql = `CASE WHEN value IS NULL AND ${isPlain} THEN concat(${plainValue}) END`;

export function isoText(column: string): string {
  return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
}
