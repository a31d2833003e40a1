import type { Invariant } from '@instep/service-host';

const changedSince = 'SELECT tenant, order_id FROM order_history WHERE recorded_time > $1::timestamptz';
const summaries = { table: 'order_summary', key: ['order_id'], since: `(tenant, order_id) IN (${changedSince})` };

/** What must hold of orders at any moment. */
export const invariants: readonly Invariant[] = [
  {
    name: 'summaries-as-streams',
    promise: 'The summary of an order says what its stream says, as of the same version; an order that was placed has one.',
    check: {
      kind: 'rows',
      rows: { table: 'stream', of: `stream = 'order'`, key: ['id'], since: `(tenant, id) IN (${changedSince})` },
      sql: (rows) => `
        SELECT format('%s/%s', s.tenant, s.id) AS subject, format('stream at version %s, summary at %s', s.version, o.version) AS detail
          FROM ${rows} s LEFT JOIN order_summary o ON o.tenant = s.tenant AND o.order_id = s.id
         WHERE (s.state -> 'placed' IS NULL) <> (o.order_id IS NULL)
            OR o.version <> s.version
            OR o.total <> (s.state ->> 'total')::numeric
            OR o.received <> (s.state ->> 'received')::numeric
            OR (o.status = 'cancelled') <> (s.state ->> 'cancelled')::boolean`,
    },
  },
  {
    name: 'summaries-have-streams',
    promise: 'No summary and no history tells of an order or a version that no stream has.',
    check: {
      kind: 'rows',
      rows: summaries,
      sql: (rows) => `
        SELECT format('%s/%s', o.tenant, o.order_id) AS subject, format('summary at version %s, stream at %s', o.version, s.version) AS detail
          FROM ${rows} o LEFT JOIN stream s ON s.tenant = o.tenant AND s.stream = 'order' AND s.id = o.order_id
         WHERE s.id IS NULL
            OR EXISTS (SELECT FROM order_history h WHERE h.tenant = o.tenant AND h.order_id = o.order_id AND h.version > s.version)`,
    },
  },
  {
    name: 'placed-once',
    promise: 'An order of a channel was placed once.',
    check: {
      kind: 'rows',
      rows: summaries,
      sql: (rows) => `
        SELECT format('%s/%s of %s', o.tenant, o.channel_order_id, o.channel) AS subject,
               format('placed as %s and as %s', min(o.order_id), min(other.order_id)) AS detail
          FROM ${rows} o
          JOIN order_summary other ON other.tenant = o.tenant AND other.channel_order_id = o.channel_order_id
                                  AND other.channel = o.channel AND other.order_id <> o.order_id
         GROUP BY o.tenant, o.channel, o.channel_order_id`,
    },
  },
];
