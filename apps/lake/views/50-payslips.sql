-- What each employee got for a month, from approved payroll runs.
SELECT tenant, run_id, period, line.employeeId AS employee_id, line.salary AS salary, line.commission AS commission, line.total AS total, currency,
  occurred_at AS approved_at, id AS event_id
FROM (SELECT *, unnest(lines) AS line FROM payroll_approved)
