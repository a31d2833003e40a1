import { defineService } from '@instep/service-host';
import { Module } from '@nestjs/common';

import { ItemsController } from './adapters/http/items.controller.ts';
import { problems } from './adapters/http/problems.ts';
import { ReservationsController } from './adapters/http/reservations.controller.ts';
import { StockController } from './adapters/http/stock.controller.ts';
import { entities, invariants, migrations } from './adapters/postgres/index.ts';
import { compose } from './compose.ts';
import { port, settings } from './config.ts';

@Module({ controllers: [ItemsController, StockController, ReservationsController] })
class InventoryModule {}

export const service = defineService({
  name: 'inventory',
  port,
  definition: compose(),
  module: InventoryModule,
  entities,
  migrations,
  invariants,
  problems,
  settings,
});
