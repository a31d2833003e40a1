import type { DynamicModule, Type } from '@nestjs/common';

import { HealthController } from './health.controller.ts';
import { InvariantsController } from './invariants.controller.ts';
import { MetricsController } from './metrics.controller.ts';
import { OpenApiController } from './openapi.controller.ts';
import { ParkedController } from './parked.controller.ts';

const hostControllers: readonly Type<unknown>[] = [
  HealthController,
  MetricsController,
  OpenApiController,
  ParkedController,
  InvariantsController,
];

/** The routes of every service, and the parts that a service's own controllers may ask for. */
class HostModule {}

/** `parts`: what can be injected, by its token. */
export function hostModule(service: Type<unknown>, parts: ReadonlyMap<symbol, unknown>): DynamicModule {
  const providers = [...parts].map(([provide, useValue]) => ({ provide, useValue }));
  return { module: HostModule, global: true, imports: [service], controllers: [...hostControllers], providers, exports: providers };
}
