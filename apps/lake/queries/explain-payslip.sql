-- title: What a payslip is made of: terms, each commission, and the run that was approved
-- owner: hr
-- unit: shop currency
-- grain: event
-- values: employee, period
-- note: pay is hidden; the amounts ask for --reveal <why>.
SELECT tenant, recorded_at, type, subject, amount,
  sum(amount) FILTER (WHERE type = 'commission.earned') OVER (PARTITION BY tenant ORDER BY recorded_at, id) AS commission_so_far, actor, position
FROM (
  SELECT tenant, recorded_at, 'employee.hired' AS type, subject, salary AS amount, actor, topic || '/' || p || '/' || off AS position, id FROM employee_hired WHERE employee_id = $employee
  UNION ALL
  SELECT tenant, recorded_at, 'employee.changed', subject, salary, actor, topic || '/' || p || '/' || off, id FROM employee_changed WHERE employee_id = $employee
  UNION ALL
  SELECT tenant, recorded_at, 'commission.earned', subject, amount, actor, topic || '/' || p || '/' || off, id FROM commission_earned WHERE employee_id = $employee AND period = $period
  UNION ALL
  SELECT tenant, recorded_at, 'payroll.approved', subject, line.total, actor, topic || '/' || p || '/' || off, id
  FROM (SELECT *, unnest(lines) AS line FROM payroll_approved) WHERE period = $period AND line.employeeId = $employee
)
ORDER BY tenant, recorded_at, id
