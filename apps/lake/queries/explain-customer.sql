-- title: What a customer bought, paid and got back, order by order
-- owner: crm
-- unit: shop currency
-- grain: order
-- values: customer
SELECT o.tenant, o.order_id, o.placed_at, o.status, o.total, o.received, o.refunded, o.received - o.refunded AS kept,
  sum(o.received - o.refunded) OVER (PARTITION BY o.tenant ORDER BY o.placed_at, o.order_id) AS total_so_far, o.correlation_id
FROM orders AS o
WHERE o.customer_subject = $customer
   OR EXISTS (
     SELECT 1 FROM customers AS c
     WHERE c.customer_id = $customer AND c.tenant = o.tenant AND (list_contains(c.email_hashes, o.customer_email_hash) OR list_contains(c.phone_hashes, o.customer_phone_hash))
   )
ORDER BY o.tenant, o.placed_at, o.order_id
