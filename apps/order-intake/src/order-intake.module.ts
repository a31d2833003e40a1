import { defineService } from '@instep/service-host';
import { Module } from '@nestjs/common';

import { OrderQueriesController } from './adapters/http/order-queries.controller.ts';
import { OrdersController } from './adapters/http/orders.controller.ts';
import { problems } from './adapters/http/problems.ts';
import { entities, invariants, migrations } from './adapters/postgres/index.ts';
import { compose } from './compose.ts';
import { port } from './config.ts';

@Module({ controllers: [OrdersController, OrderQueriesController] })
class OrderIntakeModule {}

export const service = defineService({
  name: 'order-intake',
  port,
  definition: compose(),
  module: OrderIntakeModule,
  entities,
  migrations,
  invariants,
  problems,
});
