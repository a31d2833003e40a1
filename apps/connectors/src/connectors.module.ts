import type { SettingsOf } from '@instep/service-host';
import { defineService, LOGGER, SETTINGS } from '@instep/service-host';
import type { Logger } from '@instep/telemetry';
import type { OnModuleInit } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';

import { ShopifyWebhooksController } from './adapters/http/shopify-webhooks.controller.ts';
import { sampleConnections } from './application/connections.ts';
import { compose } from './compose.ts';
import { port, settings } from './config.ts';

@Module({ controllers: [ShopifyWebhooksController] })
class ConnectorsModule implements OnModuleInit {
  readonly #settings: SettingsOf<typeof settings>;
  readonly #logger: Logger;

  constructor(@Inject(SETTINGS) given: SettingsOf<typeof settings>, @Inject(LOGGER) logger: Logger) {
    this.#settings = given;
    this.#logger = logger;
  }

  onModuleInit(): void {
    const { connections } = this.#settings;
    if (connections === sampleConnections)
      this.#logger.warn('INSTEP_CONNECTIONS is not set: only the sample connection is served, whose secret everybody knows');
    else this.#logger.info({ connections: [...connections.keys()] }, 'connections read');
  }
}

/** Connectors keep no tables of their own: streams, positions and outbox come with the runtime. */
export const service = defineService({
  name: 'connectors',
  port,
  definition: compose(),
  module: ConnectorsModule,
  entities: [],
  migrations: [],
  settings,
});
