import { reaction } from '@instep/department';
import { decimal } from '@instep/values';

import { accounts } from '../domain/chart-of-accounts.ts';
import { postEntry } from '../domain/account-document/post.ts';
import { combine, credit, debit } from '../domain/postings.ts';

/** An approved payroll run is owed to the employees from then on. */
export const onPayrollApproved = reaction('payroll.approved', ({ data }) => [
  postEntry.with({
    document: `payroll/${data.runId}`,
    kind: 'payroll',
    orderId: null,
    currency: data.currency,
    memo: `payroll ${data.period}`,
    postings: combine(
      debit(accounts.salaries, decimal(data.salaries)),
      debit(accounts.commissions, decimal(data.commissions)),
      credit(accounts.wages, decimal(data.total)),
    ),
  }),
]);
