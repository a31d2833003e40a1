import type { EventOf } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

export type PayrollEvent = EventOf<'payroll.calculated' | 'payroll.approved'>;
/** A run as worked out: `run.runId`, one line per employee, sums. */
export type CalculatedRun = EventOf<'payroll.calculated'>['data'];

export type PayrollRun =
  | { readonly status: 'unknown' }
  | { readonly status: 'calculated'; readonly run: CalculatedRun }
  | { readonly status: 'approved'; readonly run: CalculatedRun; readonly approvedBy: string };

export const payrollRun: StreamDefinition<PayrollRun, PayrollEvent> = {
  name: 'payroll-run',
  initial: () => ({ status: 'unknown' }),
  evolve(_state, event) {
    switch (event.type) {
      case 'payroll.calculated':
        return { status: 'calculated', run: event.data };
      case 'payroll.approved': {
        const { approvedBy, ...run } = event.data;
        return { status: 'approved', run, approvedBy };
      }
    }
  },
};
