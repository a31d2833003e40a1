import type { Invariant } from '@instep/service-host';

/** What must hold of customers and their orders at any moment. Identities are personal, so orders and customers are named instead. */
export const invariants: readonly Invariant[] = [
  {
    name: 'orders-have-a-customer',
    promise: 'Every order that names somebody counts for one customer who was not merged away, so that spend is the sum of the orders.',
    check: {
      kind: 'rows',
      rows: { table: 'customer_order', key: ['order_id'] },
      sql: (rows) => `
        SELECT format('%s/%s', o.tenant, o.order_id) AS subject,
               CASE WHEN i.customer_id IS NULL THEN 'its identity leads to nobody'
                    WHEN c.customer_id IS NULL THEN 'there is no customer ' || i.customer_id
                    ELSE format('the customer %s was merged', i.customer_id) END AS detail
          FROM ${rows} o
          LEFT JOIN customer_identity i ON i.tenant = o.tenant AND i.identity = o.identity
          LEFT JOIN customer c ON c.tenant = i.tenant AND c.customer_id = i.customer_id
         WHERE o.identity IS NOT NULL AND NOT o.test AND (c.customer_id IS NULL OR c.merged_into IS NOT NULL)`,
    },
  },
  {
    name: 'refunds-add-up',
    promise: 'What was refunded of an order is the sum of its refunds.',
    check: {
      kind: 'rows',
      rows: { table: 'customer_order', key: ['order_id'] },
      sql: (rows) => `
        SELECT format('%s/%s', tenant, order_id) AS subject, format('%s in all, refunds are %s', refunded, told) AS detail
          FROM (SELECT tenant, order_id, refunded,
                       (SELECT coalesce(sum(value::numeric), 0) FROM json_each_text(facts::json -> 'refunds')) AS told
                  FROM ${rows} o) summed
         WHERE refunded <> told`,
    },
  },
  {
    name: 'customers-as-streams',
    promise: 'The record of a customer says what the stream says: known, or merged into whom.',
    check: {
      kind: 'rows',
      rows: { table: 'stream', of: `stream = 'customer'`, key: ['id'] },
      sql: (rows) => `
        SELECT format('%s/%s', s.tenant, s.id) AS subject, format('%s in the stream', s.state ->> 'status') AS detail
          FROM ${rows} s LEFT JOIN customer c ON c.tenant = s.tenant AND c.customer_id = s.id
         WHERE (s.state ->> 'status' = 'unknown') <> (c.customer_id IS NULL) OR c.merged_into IS DISTINCT FROM s.state ->> 'into'`,
    },
  },
  {
    name: 'merged-into-somebody',
    promise: 'Whoever was merged was merged into another customer, and nobody is found by an identity that leads to a merged one.',
    check: {
      kind: 'rows',
      rows: { table: 'customer', key: ['customer_id'] },
      sql: (rows) => `
        SELECT format('%s/%s', c.tenant, c.customer_id) AS subject, format('merged into %s', c.merged_into) AS detail
          FROM ${rows} c LEFT JOIN customer other ON other.tenant = c.tenant AND other.customer_id = c.merged_into
         WHERE c.merged_into IS NOT NULL
           AND (other.customer_id IS NULL OR other.customer_id = c.customer_id
                OR EXISTS (SELECT FROM customer_identity i WHERE i.tenant = c.tenant AND i.customer_id = c.customer_id))`,
    },
  },
];
