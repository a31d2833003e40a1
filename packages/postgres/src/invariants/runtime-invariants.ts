import type { Invariant } from './invariant.ts';

/** How long an event may wait to be sent while nothing says why. */
const OUTBOX_PATIENCE = '5 minutes';
/** How long a parked key may wait for somebody. */
const PARKED_PATIENCE = '1 hour';

/** What holds in the tables of the runtime, and so in every department. */
export const runtimeInvariants: readonly Invariant[] = [
  {
    name: 'outbox-is-sent',
    promise: `What was recorded is in the log ${OUTBOX_PATIENCE} later, unless the relay says why not.`,
    severity: 'warning',
    suspendedBy: 'relay',
    check: {
      kind: 'whole',
      sql: `
        SELECT 'outbox' AS subject, format('event %s of %s waits since %s', id, topic, recorded_at) AS detail
          FROM (SELECT id, topic, recorded_at FROM outbox ORDER BY id LIMIT 1) oldest
         WHERE recorded_at < clock_timestamp() - interval '${OUTBOX_PATIENCE}'`,
    },
  },
  {
    name: 'numbers-given-out',
    promise: 'No number of a topic-partition was given out twice, and none is above its counter.',
    check: { kind: 'whole', sql: numbersGivenOut() },
  },
  {
    name: 'positions-possible',
    promise: 'No position has applied more numbers than records.',
    check: {
      kind: 'whole',
      sql: `
        SELECT format('%s/%s of %s', topic, partition, consumer) AS subject, format('offset %s, number %s', next_offset, last_sequence) AS detail
          FROM position
         WHERE next_offset < 0 OR last_sequence < 0 OR last_sequence > next_offset`,
    },
  },
  {
    name: 'streams-have-versions',
    promise: 'Every stream has at least one event.',
    check: {
      kind: 'rows',
      rows: { table: 'stream', key: ['stream', 'id'] },
      sql: (rows) => `
        SELECT format('%s/%s/%s', tenant, stream, id) AS subject, format('version %s', version) AS detail FROM ${rows} s WHERE version < 1`,
    },
  },
  {
    name: 'parked-in-order',
    promise: 'Records of a parked key wait in the order in which they came.',
    check: {
      kind: 'whole',
      sql: `
        SELECT DISTINCT format('%s %s', topic, key) AS subject, format('offset %s waits behind %s', record_offset, before) AS detail
          FROM (SELECT topic, key, record_offset, lag(record_offset) OVER (PARTITION BY consumer, topic, key, partition ORDER BY n) AS before
                  FROM parked_event) waiting
         WHERE record_offset <= before`,
    },
  },
  {
    name: 'parked-for-a-reason',
    promise: 'The first record of a parked key says why it is parked; one that only follows waits for a redrive that did not end.',
    severity: 'warning',
    check: {
      kind: 'whole',
      sql: `
        SELECT format('%s %s', topic, key) AS subject, format('offset %s is the first and only follows', record_offset) AS detail
          FROM (SELECT DISTINCT ON (consumer, topic, key) topic, key, record_offset, code FROM parked_event ORDER BY consumer, topic, key, n) head
         WHERE code = 'follows'`,
    },
  },
  {
    name: 'parked-is-seen-to',
    promise: `No key stays parked for longer than ${PARKED_PATIENCE}.`,
    severity: 'warning',
    check: {
      kind: 'whole',
      sql: `
        SELECT format('%s %s', topic, key) AS subject, format('%s records since %s', count(*), min(parked_at)) AS detail
          FROM parked_event
         GROUP BY consumer, topic, key
        HAVING min(parked_at) < clock_timestamp() - interval '${PARKED_PATIENCE}'`,
    },
  },
];

/** `relay.in_flight` is a flat list of pairs: id of an outbox row, its number. Rows that are gone were acknowledged. */
function numbersGivenOut(): string {
  return `
    WITH counter AS (
      SELECT c ->> 'topic' AS topic, (c ->> 'partition')::integer AS partition, (c ->> 'n')::bigint AS n
        FROM relay, json_array_elements(counters::json) c
    ), entry AS (
      SELECT value::text::bigint AS value, ordinality AS at FROM relay, json_array_elements(in_flight::json) WITH ORDINALITY
    ), given AS (
      SELECT o.topic, o.partition, number.value AS n
        FROM entry id
        JOIN entry number ON number.at = id.at + 1
        JOIN outbox o ON o.id = id.value
       WHERE id.at % 2 = 1
    )
    SELECT format('%s/%s', topic, partition) AS subject,
           format('number %s was given out, the counter stands at %s', max(given.n), coalesce(counter.n, 0)) AS detail
      FROM given LEFT JOIN counter USING (topic, partition)
     GROUP BY topic, partition, counter.n
    HAVING max(given.n) > coalesce(counter.n, 0)
    UNION ALL
    SELECT format('%s/%s', topic, partition), format('number %s was given out %s times', n, count(*))
      FROM given GROUP BY topic, partition, n HAVING count(*) > 1
    UNION ALL
    SELECT format('%s/%s', topic, partition), format('the counter stands there %s times', count(*))
      FROM counter GROUP BY topic, partition HAVING count(*) > 1
    UNION ALL
    SELECT 'relay', format('the table has %s rows', count(*)) FROM relay HAVING count(*) <> 1`;
}
