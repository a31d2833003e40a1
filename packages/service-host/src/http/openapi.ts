import { RequestMethod, type Type } from '@nestjs/common';
import type { TSchema } from 'typebox';

import { factsOf, type OperationFacts } from './operation-facts.ts';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: object;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'stable' },
    detail: { type: 'string' },
    paths: { type: 'array', items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } } },
    details: { type: 'object' },
    errorId: { type: 'string', description: 'of a defect; the log has more under it' },
  },
};

/**
 * The OpenAPI 3.1 document of these controllers. The TypeBox schemas that check requests are the JSON Schemas in it, so it cannot say
 * something else than the code does.
 */
export function openApiDocument(info: OpenApiInfo, controllers: readonly Type<unknown>[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const controller of controllers) {
    const prefix = pathsIn(controller);
    for (const method of Object.getOwnPropertyNames(controller.prototype as object)) {
      const handler = (controller.prototype as Record<string, unknown>)[method];
      if (typeof handler !== 'function') continue;
      const verb = Reflect.getMetadata('method', handler) as RequestMethod | undefined;
      if (verb === undefined) continue;
      for (const path of joined(prefix, pathsIn(handler))) {
        const operations = (paths[template(path)] ??= {});
        operations[RequestMethod[verb].toLowerCase()] = operation(
          path,
          verb,
          `${controller.name}.${method}`,
          handler,
          factsOf(controller.prototype as object, method),
        );
      }
    }
  }
  return { openapi: '3.1.0', info, paths: sorted(paths), components: { schemas: { Problem: problemSchema } } };
}

function operation(path: string, verb: RequestMethod, operationId: string, handler: object, facts: OperationFacts): object {
  const status = (Reflect.getMetadata('__httpCode__', handler) as number | undefined) ?? (verb === RequestMethod.POST ? 201 : 200);
  return {
    operationId,
    ...(facts.summary !== undefined && { summary: facts.summary }),
    ...(facts.description !== undefined && { description: facts.description }),
    parameters: parametersOf(path, facts),
    ...(facts.body && { requestBody: { required: true, content: { 'application/json': { schema: facts.body } } } }),
    ...(facts.rawBody && { requestBody: { required: true, content: { '*/*': {} } } }),
    responses: {
      [String(status)]: { description: 'as asked for', ...(facts.answer && { content: { 'application/json': { schema: facts.answer } } }) },
      default: { description: 'a problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

function parametersOf(path: string, facts: OperationFacts): Parameter[] {
  const parameters: Parameter[] = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const query = facts.query as (TSchema & { properties?: Record<string, object>; required?: readonly string[] }) | undefined;
  for (const [name, schema] of Object.entries(query?.properties ?? {})) {
    parameters.push({ name, in: 'query', required: query?.required?.includes(name) ?? false, schema });
  }
  if (facts.paged) {
    parameters.push({ name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } });
    parameters.push({ name: 'after', in: 'query', required: false, description: '`next` of the page before', schema: { type: 'string' } });
  }
  if (facts.idempotent) {
    parameters.push({
      name: 'idempotency-key',
      in: 'header',
      required: true,
      description: 'the same key never takes effect twice',
      schema: { type: 'string', maxLength: 200 },
    });
  }
  if (facts.tenant) parameters.push({ name: 'x-tenant', in: 'header', required: false, schema: { type: 'string' } });
  return parameters;
}

function pathsIn(decorated: object): readonly string[] {
  const path = Reflect.getMetadata('path', decorated) as string | readonly string[] | undefined;
  return typeof path === 'string' ? [path] : (path ?? ['']);
}

function joined(prefixes: readonly string[], paths: readonly string[]): string[] {
  return prefixes.flatMap((prefix) => paths.map((path) => `/${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')));
}

function template(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
