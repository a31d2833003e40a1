-- title: What an order costs in wages and commissions
-- owner: hr
-- unit: shop currency
-- grain: month, tenant and currency
-- better: lower
-- plot: bar x=period y=cost_per_order
SELECT pay.period, pay.tenant, pay.currency, pay.wages, pay.commissions, coalesce(o.orders, 0) AS orders,
  round((pay.wages + pay.commissions) / nullif(o.orders, 0), 2) AS cost_per_order
FROM (SELECT tenant, period, currency, sum(salaries) AS wages, sum(commissions) AS commissions FROM payroll_approved GROUP BY ALL) AS pay
LEFT JOIN (
  SELECT tenant, strftime(placed_at, '%Y-%m') AS period, count(*) AS orders FROM orders WHERE NOT test AND cancelled_at IS NULL GROUP BY ALL
) AS o ON o.tenant = pay.tenant AND o.period = pay.period
ORDER BY pay.period, pay.tenant, pay.currency
