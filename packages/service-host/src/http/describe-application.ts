import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core/injector/modules-container.js';

import { openApiDocument, type OpenApiInfo } from './openapi.ts';

/** The OpenAPI document of every controller that the application has. */
export function describeApplication(app: INestApplication, info: OpenApiInfo): object {
  const modules = [...app.get(ModulesContainer, { strict: false }).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()].map(({ metatype }) => metatype));
  return openApiDocument(
    info,
    controllers.filter((controller): controller is Type<unknown> => typeof controller === 'function'),
  );
}
