import { defineService } from '@instep/service-host';
import { Module } from '@nestjs/common';

import { CommissionsController } from './adapters/http/commissions.controller.ts';
import { EmployeesController } from './adapters/http/employees.controller.ts';
import { PayrollRunsController } from './adapters/http/payroll-runs.controller.ts';
import { problems } from './adapters/http/problems.ts';
import { entities, invariants, migrations } from './adapters/postgres/index.ts';
import { compose } from './compose.ts';
import { port } from './config.ts';

@Module({ controllers: [EmployeesController, PayrollRunsController, CommissionsController] })
class HrModule {}

export const service = defineService({
  name: 'hr',
  port,
  definition: compose(),
  module: HrModule,
  entities,
  migrations,
  invariants,
  problems,
});
