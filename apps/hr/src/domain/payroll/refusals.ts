import { refuse } from '@instep/decider';
import type { Decision } from '@instep/decider';

export function alreadyApproved(runId: string): Decision {
  return refuse('payroll/already-approved', `The run ${runId} is approved and cannot change any more.`, { runId });
}

export function alreadyPaid({ period, currency }: { readonly period: string; readonly currency: string }, paidBy: string): Decision {
  return refuse('payroll/period-already-paid', `${period} was paid in ${currency} by the run ${paidBy}.`, { period, currency, paidBy });
}
