import { CurrencyCode, Id } from '@instep/contracts';
import type { Department, RequestContext } from '@instep/department';
import { Asked, DATA_SOURCE, DEPARTMENT, Operation, Tenant, ValidBody, found, respond } from '@instep/service-host';
import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { DataSource } from 'typeorm';

import type { PayrollRunRow } from '../../application/payroll-run.projection.ts';
import { ledgerCurrency } from '../../config.ts';
import { approvePayroll } from '../../domain/payroll/approve-payroll.ts';
import { calculatePayroll } from '../../domain/payroll/calculate-payroll.ts';
import type { CalculatedRun } from '../../domain/payroll/payroll-run.ts';
import { payrollRunSchema } from '../postgres/payroll-run.schema.ts';
import { spelt } from './employee-bodies.ts';

const CalculatePayroll = Type.Object(
  {
    period: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'month, such as 2026-11' }),
    currency: Type.Optional(CurrencyCode),
    runId: Type.Optional(Id),
  },
  { additionalProperties: false },
);
type CalculatePayroll = Static<typeof CalculatePayroll>;

@Controller('payroll-runs')
export class PayrollRunsController {
  readonly #department: Department;
  readonly #dataSource: DataSource;

  constructor(@Inject(DEPARTMENT) department: Department, @Inject(DATA_SOURCE) dataSource: DataSource) {
    this.#department = department;
    this.#dataSource = dataSource;
  }

  @Post()
  @Operation({
    summary: 'Works out salaries and commissions of a month, again if need be; without runId, the run of that month and currency',
  })
  async calculate(@ValidBody(CalculatePayroll) body: CalculatePayroll, @Asked() asked: RequestContext) {
    const { period, currency = ledgerCurrency } = body;
    const { runId = `${period}-${currency}` } = body;
    respond(await this.#department.execute(calculatePayroll.with({ runId, period, currency }), asked), () => undefined);
    return this.#run(asked.tenant, runId);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Operation({ summary: 'Makes a calculated run final: finance books it' })
  async approve(@Param('id') runId: string, @Asked() asked: RequestContext) {
    respond(await this.#department.execute(approvePayroll.with({ runId, approvedBy: asked.actor }), asked), () => undefined);
    return this.#run(asked.tenant, runId);
  }

  @Get(':id')
  @Operation({ summary: 'A payroll run with a line per employee' })
  async byId(@Tenant() tenant: string, @Param('id') runId: string) {
    return this.#run(tenant, runId);
  }

  async #run(tenant: string, runId: string) {
    const row = await this.#dataSource.getRepository(payrollRunSchema).findOneBy({ tenant, runId });
    return runBody(found(row, 'payroll/unknown', `There is no payroll run ${runId}.`));
  }
}

function runBody({ runId, status, period, currency, lines, salaries, commissions, total, approvedBy }: PayrollRunRow) {
  return {
    runId,
    status,
    period,
    currency,
    lines: (JSON.parse(lines) as CalculatedRun['lines']).map((line) => ({
      employeeId: line.employeeId,
      salary: spelt(line.salary, currency),
      commission: spelt(line.commission, currency),
      total: spelt(line.total, currency),
    })),
    salaries: spelt(salaries, currency),
    commissions: spelt(commissions, currency),
    total: spelt(total, currency),
    approvedBy,
  };
}
