import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { departmentInMemory } from '@instep/testkit/department';
import type { DepartmentInMemory } from '@instep/testkit/department';
import { decimal } from '@instep/values';

import { compose } from '../src/compose.ts';
import { changeEmployee } from '../src/domain/employee/change-employee.ts';
import { hireEmployee } from '../src/domain/employee/hire-employee.ts';
import { letEmployeeLeave } from '../src/domain/employee/let-employee-leave.ts';
import { approvePayroll } from '../src/domain/payroll/approve-payroll.ts';
import { calculatePayroll } from '../src/domain/payroll/calculate-payroll.ts';
import { orderPaid, orderPlaced, orderRefunded } from './order-events.ts';

function hire(employeeId: string, staff: readonly string[]) {
  return hireEmployee.with({
    employeeId,
    subject: `employee/${employeeId}`,
    hiredAt: '2026-01-01T00:00:00Z',
    staff,
    salary: decimal('1000'),
    currency: 'USD',
    commissionRate: decimal('0.05'),
    personal: { name: employeeId, email: null },
  });
}

async function sell(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    const orderId = `pos:${String(n)}`;
    const events = [
      orderPlaced({ orderId, staffId: String(n % 3) }),
      orderPaid('182'),
      ...(n % 2 > 0 ? [orderRefunded('r1', { a: 10 + n })] : []),
    ];
    for (const event of events) await hr.tell({ ...event, subject: orderId });
  }
}

let hr: DepartmentInMemory;

beforeEach(async () => {
  hr = await departmentInMemory(compose());
});

afterEach(() => hr.stop());

describe('a database of hr built from the log alone', () => {
  it('is the live one, row for row and stream for stream', async () => {
    const done: string[] = [];
    const ask = async (...commands: readonly Parameters<DepartmentInMemory['execute']>[0][]) => {
      for (const command of commands) done.push((await hr.execute(command, `request-${String(done.length)}`)).kind);
    };
    await ask(hire('eve', ['pos:0']));
    await sell(0, 15);
    await ask(hire('max', ['pos:1']), changeEmployee.with({ employeeId: 'eve', staff: [] }));
    await sell(15, 30);
    await ask(letEmployeeLeave.with({ employeeId: 'max', leftAt: '2026-02-01T00:00:00Z' }), hire('ann', ['pos:0', 'pos:1', 'pos:2']));
    await hr.sameWhenRebuilt();
    await ask(
      calculatePayroll.with({ runId: 'run', period: '2026-01', currency: 'USD' }),
      approvePayroll.with({ runId: 'run', approvedBy: 'clerk' }),
    );
    await sell(30, 36);
    await hr.sameWhenRebuilt();
    expect(new Set(done)).toEqual(new Set(['done']));
    // Hiring ran beside the sales: no order may have slipped through and wait for somebody who is there.
    expect(hr.rows('order_commission').filter((row) => 'employeeId' in row && row.employeeId === null)).toEqual([]);
    expect(hr.rows('order_sale')).toHaveLength(36);
    expect(hr.rows('commission_entry').length).toBeGreaterThan(36);
  });
});
