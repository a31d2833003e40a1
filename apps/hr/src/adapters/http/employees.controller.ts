import type { Department, RequestContext } from '@instep/department';
import {
  Asked,
  CLOCK,
  DATA_SOURCE,
  DEPARTMENT,
  IDS,
  Operation,
  Paging,
  Tenant,
  ValidBody,
  found,
  pageOf,
  respond,
} from '@instep/service-host';
import type { Ids, Page, Paged } from '@instep/service-host';
import { decimal } from '@instep/values';
import { Controller, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import type { DataSource, Repository } from 'typeorm';

import type { EmployeeRow } from '../../application/employee.projection.ts';
import { ledgerCurrency } from '../../config.ts';
import { changeEmployee } from '../../domain/employee/change-employee.ts';
import { hireEmployee } from '../../domain/employee/hire-employee.ts';
import { letEmployeeLeave } from '../../domain/employee/let-employee-leave.ts';
import { employeeSchema } from '../postgres/employee.schema.ts';
import { ChangeEmployee, HireEmployee, LetEmployeeLeave, employeeBody, momentOf } from './employee-bodies.ts';

@Controller('employees')
export class EmployeesController {
  readonly #department: Department;
  readonly #dataSource: DataSource;
  readonly #ids: Ids;
  readonly #clock: () => Date;

  constructor(
    @Inject(DEPARTMENT) department: Department,
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(IDS) ids: Ids,
    @Inject(CLOCK) clock: () => Date,
  ) {
    this.#department = department;
    this.#dataSource = dataSource;
    this.#ids = ids;
    this.#clock = clock;
  }

  @Post()
  @Operation({ summary: 'Hires an employee. Commission of orders that waited for a staff id is settled with it' })
  async hire(@ValidBody(HireEmployee) body: HireEmployee, @Asked() asked: RequestContext) {
    const employeeId = body.employeeId ?? `emp_${this.#ids()}`;
    const { hiredAt, staff = [], salary, currency = ledgerCurrency, commissionRate = '0', name, email = null } = body;
    const command = hireEmployee.with({
      employeeId,
      subject: `employee/${employeeId}`,
      hiredAt: momentOf(hiredAt, this.#clock()),
      staff,
      salary: decimal(salary),
      currency,
      commissionRate: decimal(commissionRate),
      personal: name === undefined ? null : { name, email },
    });
    return respond(await this.#department.execute(command, asked), ([hired]) => ({ employeeId: hired?.streamId ?? employeeId }));
  }

  @Patch(':id')
  @Operation({ summary: 'Changes terms, staff ids or name of an employee; what is not named stays' })
  async change(@Param('id') employeeId: string, @ValidBody(ChangeEmployee) body: ChangeEmployee, @Asked() asked: RequestContext) {
    const { staff, salary, currency, commissionRate, name, email } = body;
    const command = changeEmployee.with({
      employeeId,
      ...(staff && { staff }),
      ...(salary !== undefined && { salary: decimal(salary) }),
      ...(currency !== undefined && { currency }),
      ...(commissionRate !== undefined && { commissionRate: decimal(commissionRate) }),
      ...(name !== undefined && { personal: { name, email: email ?? null } }),
    });
    return respond(await this.#department.execute(command, asked), () => ({ employeeId }));
  }

  @Post(':id/leave')
  @HttpCode(200)
  @Operation({ summary: 'Ends an employment' })
  async leave(@Param('id') employeeId: string, @ValidBody(LetEmployeeLeave) body: LetEmployeeLeave, @Asked() asked: RequestContext) {
    const leftAt = momentOf(body.leftAt, this.#clock());
    return respond(await this.#department.execute(letEmployeeLeave.with({ employeeId, leftAt }), asked), () => ({ employeeId }));
  }

  @Get(':id')
  @Operation({ summary: 'An employee' })
  async byId(@Tenant() tenant: string, @Param('id') employeeId: string) {
    return employeeBody(
      found(await this.#employees().findOneBy({ tenant, employeeId }), 'employee/unknown', `There is no employee ${employeeId}.`),
    );
  }

  @Get()
  @Operation({ summary: 'All who work here or did' })
  async list(@Tenant() tenant: string, @Paging() page: Page): Promise<Paged<unknown>> {
    const [after] = page.after;
    const rows = await this.#employees().find({
      where: { tenant, ...(after !== undefined && { employeeId: MoreThan(after) }) },
      order: { employeeId: 'ASC' },
      take: page.limit + 1,
    });
    return pageOf(rows, page, (row) => [row.employeeId], employeeBody);
  }

  #employees(): Repository<EmployeeRow> {
    return this.#dataSource.getRepository(employeeSchema);
  }
}
