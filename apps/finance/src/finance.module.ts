import { defineService } from '@instep/service-host';
import { Module } from '@nestjs/common';

import { LedgerController } from './adapters/http/ledger.controller.ts';
import { entities, invariants, migrations } from './adapters/postgres/index.ts';
import { compose } from './compose.ts';
import { port } from './config.ts';

@Module({ controllers: [LedgerController] })
class FinanceModule {}

export const service = defineService({
  name: 'finance',
  port,
  definition: compose(),
  module: FinanceModule,
  entities,
  migrations,
  invariants,
  problems: {},
});
