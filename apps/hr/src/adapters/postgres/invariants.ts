import type { Invariant } from '@instep/service-host';

const streamsOf = (stream: string) => ({ table: 'stream', of: `stream = '${stream}'`, key: ['id'] });
const runs = { table: 'payroll_run', key: ['run_id'] };

/** What must hold of commissions and payroll at any moment. */
export const invariants: readonly Invariant[] = [
  {
    name: 'commission-as-earned',
    promise: 'The commission of an order is what was earned on it less what was taken back.',
    check: {
      kind: 'rows',
      rows: { table: 'order_commission', key: ['order_id'] },
      sql: (rows) => `
        SELECT format('%s/%s', tenant, order_id) AS subject, format('%s in all, its entries are %s', total, earned) AS detail
          FROM (SELECT tenant, order_id, total,
                       (SELECT coalesce(sum(amount), 0) FROM commission_entry e WHERE e.tenant = c.tenant AND e.order_id = c.order_id) AS earned
                  FROM ${rows} c) summed
         WHERE total <> earned`,
    },
  },
  {
    name: 'commission-as-streams',
    promise: 'The commission of an order is what its stream says, and no entry is newer than the stream.',
    check: { kind: 'rows', rows: streamsOf('commission'), sql: commissionAsStreams },
  },
  {
    name: 'earnings-as-entries',
    promise: 'What an employee has earned by month is the sum of the entries.',
    check: { kind: 'rows', rows: streamsOf('earnings'), sql: earningsAsEntries },
  },
  {
    name: 'payroll-adds-up',
    promise: 'The sums of a payroll run are the sums of its lines, and each line is salary and commission.',
    check: { kind: 'rows', rows: runs, sql: payrollAddsUp },
  },
  {
    name: 'month-paid-once',
    promise: 'A month is paid once in a currency.',
    check: {
      kind: 'whole',
      sql: `
        SELECT format('%s/%s in %s', tenant, period, currency) AS subject, format('approved as %s and as %s', min(run_id), max(run_id)) AS detail
          FROM payroll_run WHERE status = 'approved' GROUP BY tenant, period, currency HAVING count(*) > 1`,
    },
  },
  {
    name: 'paid-as-approved',
    promise: 'What an employee was paid in commission is what the approved runs say.',
    check: { kind: 'whole', sql: paidAsApproved() },
  },
];

function commissionAsStreams(rows: string): string {
  return `
    SELECT format('%s/%s', s.tenant, s.id) AS subject,
           format('%s, %s in the stream, %s in the table', s.state ->> 'status', s.state ->> 'total', c.total) AS detail
      FROM ${rows} s LEFT JOIN order_commission c ON c.tenant = s.tenant AND c.order_id = s.id
     WHERE (s.state ->> 'status' = 'none') <> (c.order_id IS NULL)
        OR c.total <> coalesce((s.state ->> 'total')::numeric, 0)
        OR c.employee_id IS DISTINCT FROM s.state ->> 'employeeId'
        OR EXISTS (SELECT FROM commission_entry e WHERE e.tenant = s.tenant AND e.order_id = s.id AND e.entry > s.version)`;
}

function earningsAsEntries(rows: string): string {
  return `
    SELECT format('%s/%s', tenant, id) AS subject, 'differs from the entries' AS detail
      FROM ${rows} s
     WHERE EXISTS (
       SELECT FROM (SELECT one ->> 'period' AS period, one ->> 'currency' AS currency, (one ->> 'amount')::numeric AS amount
                      FROM json_array_elements(s.state -> 'earned') one) told
       FULL JOIN (SELECT period, currency, sum(amount) AS amount FROM commission_entry e
                   WHERE e.tenant = s.tenant AND e.employee_id = s.id GROUP BY period, currency) entry USING (period, currency)
       WHERE coalesce(told.amount, 0) <> coalesce(entry.amount, 0))`;
}

function payrollAddsUp(rows: string): string {
  return `
    SELECT format('%s/%s', tenant, run_id) AS subject,
           format('%s + %s = %s, its lines %s + %s = %s', run.salaries, run.commissions, run.total, told.salary, told.commission, told.total) AS detail
      FROM ${rows} run,
           LATERAL (SELECT coalesce(sum((line ->> 'salary')::numeric), 0) AS salary, coalesce(sum((line ->> 'commission')::numeric), 0) AS commission,
                           coalesce(sum((line ->> 'total')::numeric), 0) AS total,
                           coalesce(bool_and((line ->> 'salary')::numeric + (line ->> 'commission')::numeric = (line ->> 'total')::numeric), true) AS fits
                      FROM json_array_elements(run.lines::json) line) told
     WHERE NOT told.fits OR run.salaries <> told.salary OR run.commissions <> told.commission OR run.total <> told.total
        OR run.salaries + run.commissions <> run.total`;
}

function paidAsApproved(): string {
  return `
    SELECT format('%s/%s', tenant, employee) AS subject,
           format('%s %s paid, %s approved', coalesce(paid.amount, 0), currency, coalesce(approved.amount, 0)) AS detail
      FROM (SELECT tenant, id AS employee, one ->> 'currency' AS currency, sum((one ->> 'amount')::numeric) AS amount
              FROM stream, json_array_elements(state -> 'paid') one WHERE stream = 'earnings' GROUP BY 1, 2, 3) paid
      FULL JOIN (SELECT tenant, line ->> 'employeeId' AS employee, currency, sum((line ->> 'commission')::numeric) AS amount
                   FROM payroll_run, json_array_elements(lines::json) line WHERE status = 'approved' GROUP BY 1, 2, 3) approved
             USING (tenant, employee, currency)
     WHERE coalesce(paid.amount, 0) <> coalesce(approved.amount, 0)`;
}
