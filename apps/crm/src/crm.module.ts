import { defineService } from '@instep/service-host';
import { Module } from '@nestjs/common';

import { CustomersController } from './adapters/http/customers.controller.ts';
import { problems } from './adapters/http/problems.ts';
import { entities, invariants, migrations } from './adapters/postgres/index.ts';
import { compose } from './compose.ts';
import { port } from './config.ts';

@Module({ controllers: [CustomersController] })
class CrmModule {}

export const service = defineService({
  name: 'crm',
  port,
  definition: compose(),
  module: CrmModule,
  entities,
  migrations,
  invariants,
  problems,
});
