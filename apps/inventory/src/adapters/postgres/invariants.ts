import type { Invariant } from '@instep/service-host';

const streamsOf = (stream: string) => ({ table: 'stream', of: `stream = '${stream}'`, key: ['id'] });

/** What must hold of stock and reservations at any moment. */
export const invariants: readonly Invariant[] = [
  {
    name: 'never-oversold',
    promise: 'Nothing is available that is not on hand: on hand less reserved is available, and neither is below zero.',
    check: {
      kind: 'rows',
      rows: { table: 'stock_level', key: ['item', 'location'] },
      sql: (rows) => `
        SELECT format('%s/%s at %s', tenant, item, location) AS subject,
               format('%s on hand, %s reserved, %s available', on_hand, reserved, available) AS detail
          FROM ${rows} level
         WHERE available < 0 OR reserved < 0 OR available <> on_hand - reserved`,
    },
  },
  {
    name: 'reserved-as-ordered',
    promise: 'What is set aside of an item is what the orders have reserved of it.',
    check: {
      kind: 'whole',
      sql: `
        SELECT format('%s/%s', tenant, item) AS subject,
               format('%s set aside, %s reserved', coalesce(level.reserved, 0), coalesce(line.reserved, 0)) AS detail
          FROM (SELECT tenant, item, sum(reserved) AS reserved FROM stock_level GROUP BY tenant, item) level
          FULL JOIN (SELECT tenant, item, sum(reserved) AS reserved FROM reservation_line GROUP BY tenant, item) line USING (tenant, item)
         WHERE coalesce(level.reserved, 0) <> coalesce(line.reserved, 0)`,
    },
  },
  {
    name: 'stock-as-streams',
    promise: 'Stock by location is what the stream of the item says: received and adjusted, less shipped, plus what came back.',
    check: { kind: 'rows', rows: streamsOf('item'), sql: stockAsStreams },
  },
  {
    name: 'reservations-as-streams',
    promise: 'The lines of a reservation are what its stream says.',
    check: { kind: 'rows', rows: streamsOf('reservation'), sql: reservationsAsStreams },
  },
  {
    name: 'nobody-waits-beside-stock',
    promise:
      'No order waits for an item of which something is free. After a receipt that many waited for, the next decision serves the rest.',
    severity: 'warning',
    check: {
      kind: 'rows',
      rows: streamsOf('item'),
      sql: (rows) => `
        SELECT format('%s/%s', tenant, id) AS subject, format('%s lines wait, %s free', waiting, free) AS detail
          FROM (SELECT tenant, id, json_array_length(state -> 'waiting') AS waiting,
                       (SELECT sum((place ->> 'onHand')::numeric - (place ->> 'reserved')::numeric) FROM json_array_elements(state -> 'places') place)
                         AS free
                  FROM ${rows} s) item
         WHERE waiting > 0 AND free > 0`,
    },
  },
];

function stockAsStreams(rows: string): string {
  return `
    SELECT format('%s/%s', tenant, id) AS subject, 'locations differ from the stream' AS detail
      FROM ${rows} s
     WHERE EXISTS (
       SELECT FROM (SELECT place ->> 'location' AS location, (place ->> 'onHand')::numeric AS on_hand, (place ->> 'reserved')::numeric AS reserved
                      FROM json_array_elements(s.state -> 'places') place) told
       FULL JOIN (SELECT location, on_hand, reserved FROM stock_level l WHERE l.tenant = s.tenant AND l.item = s.id) level USING (location)
       WHERE told.on_hand IS DISTINCT FROM level.on_hand OR told.reserved IS DISTINCT FROM level.reserved)`;
}

function reservationsAsStreams(rows: string): string {
  return `
    SELECT format('%s/%s', tenant, id) AS subject, 'lines differ from the stream' AS detail
      FROM ${rows} s
     WHERE EXISTS (
       SELECT FROM (SELECT line ->> 'lineId' AS line_id, line ->> 'item' AS item, (line ->> 'missing')::numeric AS missing,
                           (SELECT coalesce(sum((part ->> 'quantity')::numeric), 0) FROM json_array_elements(line -> 'reserved') part) AS reserved
                      FROM json_array_elements(s.state -> 'lines') line) told
       FULL JOIN (SELECT line_id, item, missing, reserved FROM reservation_line l WHERE l.tenant = s.tenant AND l.order_id = s.id) kept
              USING (line_id, item)
       WHERE told.missing IS DISTINCT FROM kept.missing OR told.reserved IS DISTINCT FROM kept.reserved)`;
}
