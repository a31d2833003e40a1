-- title: What each employee got for a month, from approved payroll runs
-- owner: hr
-- unit: shop currency
-- grain: employee and payroll run
-- note: pay is hidden; this asks for --reveal <why>, and is empty without.
SELECT tenant, run_id, period, line.employeeId AS employee_id, line.salary AS salary, line.commission AS commission, line.total AS total, currency,
  occurred_at AS approved_at, id AS event_id
FROM (SELECT *, unnest(lines) AS line FROM payroll_approved)
ORDER BY tenant, period, employee_id, approved_at
