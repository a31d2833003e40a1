-- title: Orders of new and of returning customers
-- owner: crm
-- unit: orders
-- grain: day placed (UTC), tenant, kind of customer and currency
-- better: neither
-- plot: bar x=day y=orders color=customer
-- note: a customer is known by e-mail, else by phone, else by the id at the channel. Cancelled orders do not count.
SELECT placed_at::DATE AS day, tenant,
  CASE WHEN customer_subject IS NULL THEN 'unknown' WHEN nth = 1 THEN 'new' ELSE 'returning' END AS customer,
  currency, count(*) AS orders, sum(total) AS total
FROM (
  SELECT *, row_number() OVER (PARTITION BY tenant, customer_subject ORDER BY placed_at, order_id) AS nth
  FROM orders WHERE NOT test AND cancelled_at IS NULL
)
GROUP BY ALL ORDER BY ALL
