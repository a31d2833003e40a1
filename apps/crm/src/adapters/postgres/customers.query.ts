import type { DataSource } from 'typeorm';

export interface FoundCustomer {
  readonly customerId: string;
  /** JSON of each. */
  readonly personal: string | null;
  readonly tags: string;
  readonly channelCustomers: string;
}

export interface Spend {
  readonly currency: string;
  readonly orders: number;
  readonly received: string;
  readonly refunded: string;
  /** Received less refunded. */
  readonly spend: string;
}

export interface OrderOfCustomer {
  readonly orderId: string;
  readonly channel: string;
  readonly number: string;
  readonly placedAt: string;
  readonly test: boolean;
  readonly currency: string;
  readonly total: string;
  readonly received: string;
  readonly refunded: string;
  readonly shipping: string;
  readonly held: boolean;
  readonly cancelledAt: string | null;
}

const columns = 'customer_id AS "customerId", personal, tags, channel_customers AS "channelCustomers"';

/** The customer with this id, or whoever that one was merged into. */
export async function findCustomer(dataSource: DataSource, tenant: string, customerId: string): Promise<FoundCustomer | undefined> {
  const rows: FoundCustomer[] = await dataSource.query(
    `WITH RECURSIVE trail AS (
       SELECT * FROM customer WHERE tenant = $1 AND customer_id = $2
       UNION ALL
       SELECT next.* FROM customer next JOIN trail ON next.tenant = trail.tenant AND next.customer_id = trail.merged_into
     )
     SELECT ${columns} FROM trail WHERE merged_into IS NULL`,
    [tenant, customerId],
  );
  return rows[0];
}

/** Customers after an id, at most `limit`; only those that one of `identities` leads to when that is given. */
export async function listCustomers(
  dataSource: DataSource,
  {
    tenant,
    identities,
    after,
    limit,
  }: { tenant: string; identities: readonly string[] | undefined; after: string | undefined; limit: number },
): Promise<readonly FoundCustomer[]> {
  return await dataSource.query(
    `SELECT ${columns} FROM customer
      WHERE tenant = $1 AND merged_into IS NULL AND ($3::text IS NULL OR customer_id > $3)
        AND ($2::text[] IS NULL OR customer_id IN (SELECT customer_id FROM customer_identity WHERE tenant = $1 AND identity = ANY ($2::text[])))
      ORDER BY customer_id
      LIMIT $4`,
    [tenant, identities ?? null, after ?? null, limit],
  );
}

const ordersOfCustomer = `
  customer_order o JOIN customer_identity i ON i.tenant = o.tenant AND i.identity = o.identity
  WHERE i.tenant = $1 AND i.customer_id = $2`;

/** Exact sums per currency. Test orders do not count. */
export async function spendOf(dataSource: DataSource, tenant: string, customerId: string): Promise<readonly Spend[]> {
  return await dataSource.query(
    `SELECT o.currency, count(*)::integer AS orders, trim_scale(sum(o.received))::text AS received, trim_scale(sum(o.refunded))::text AS refunded,
            trim_scale(sum(o.received - o.refunded))::text AS spend
       FROM ${ordersOfCustomer} AND NOT o.test
      GROUP BY o.currency
      ORDER BY o.currency`,
    [tenant, customerId],
  );
}

/** Newest first, after the order with the given time and id. */
export async function ordersOf(
  dataSource: DataSource,
  { tenant, customerId, after, limit }: { tenant: string; customerId: string; after: readonly string[]; limit: number },
): Promise<readonly OrderOfCustomer[]> {
  const [placedAt = null, orderId = null] = after;
  return await dataSource.query(
    `SELECT o.order_id AS "orderId", o.channel, o.number, o.placed_at AS "placedAt", o.test, o.currency, trim_scale(o.total)::text AS total,
            trim_scale(o.received)::text AS received, trim_scale(o.refunded)::text AS refunded, o.shipping, o.held, o.cancelled_at AS "cancelledAt"
       FROM ${ordersOfCustomer} AND ($3::text IS NULL OR (o.placed_at, o.order_id) < ($3::text, $4::text))
      ORDER BY o.placed_at DESC, o.order_id DESC
      LIMIT $5`,
    [tenant, customerId, placedAt, orderId, limit],
  );
}
