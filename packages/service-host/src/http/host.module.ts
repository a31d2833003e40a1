import type { DynamicModule, Provider, Type } from '@nestjs/common';

import { HealthController } from './health.controller.ts';
import { MetricsController } from './metrics.controller.ts';
import { OpenApiController } from './openapi.controller.ts';
import { ParkedController } from './parked.controller.ts';

export const hostControllers: readonly Type<unknown>[] = [HealthController, MetricsController, OpenApiController, ParkedController];

/** The routes of every service, and the parts that a service's own controllers may ask for. */
class HostModule {}

export function hostModule(service: Type<unknown>, parts: readonly Provider[]): DynamicModule {
  const providers = [...parts];
  return { module: HostModule, global: true, imports: [service], controllers: [...hostControllers], providers, exports: providers };
}
