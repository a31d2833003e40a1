import { Body, createParamDecorator, Query, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';

import { factsOf, type OperationFacts } from './operation-facts.ts';
import { pageOfRequest } from './paging.ts';
import { requestContext } from './request-context.ts';
import { checkSchema } from './schema-check.ts';

type MethodParameter = (prototype: object, method: string | symbol | undefined, index: number) => void;

/** Body of the request, checked against the schema. Throws `Problem` 400 `request/invalid-body`. */
export function ValidBody(schema: TSchema): MethodParameter {
  const check: PipeTransform = {
    transform: (body: unknown) => {
      checkSchema(schema, body, 'request/invalid-body', 'body');
      return body;
    },
  };
  return noting(Body(check), (facts) => (facts.body = schema));
}

/** Query of the request (values are strings) without `limit` and `after`. Throws `Problem` 400 `request/invalid-query`. */
export function ValidQuery(schema: TSchema): MethodParameter {
  const check: PipeTransform = {
    transform: (query: Readonly<Record<string, unknown>>) => {
      const { limit: _limit, after: _after, ...own } = query;
      checkSchema(schema, own, 'request/invalid-query', 'query');
      return own;
    },
  };
  return noting(Query(check), (facts) => (facts.query = schema));
}

/** Bytes of the body as they came, on a route marked with `RawRoute`. */
export function RawBody(): MethodParameter {
  return Body();
}

const fromRequest = createParamDecorator((read: (request: FastifyRequest) => unknown, context: ExecutionContext) =>
  read(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** `RequestContext` of a change. Throws `Problem` 400 without an `Idempotency-Key`. */
export function Asked(): MethodParameter {
  return noting(fromRequest(requestContext), (facts) => (facts.tenant = facts.idempotent = true));
}

/** Name of the tenant that the request is for. */
export function Tenant(): MethodParameter {
  return noting(
    fromRequest((request) => request.server.resolveCaller(request).tenant),
    (facts) => (facts.tenant = true),
  );
}

/** `Page` of a list that is sorted by so many values. */
export function Paging(keyParts = 1): MethodParameter {
  return noting(
    fromRequest((request) => pageOfRequest(request, keyParts)),
    (facts) => (facts.paged = true),
  );
}

/** The route takes any content type and hands out the bytes as they came, up to `limitBytes`. */
export function RawRoute({ limitBytes }: { readonly limitBytes: number }): MethodDecorator {
  return (prototype, method, descriptor) => {
    factsOf(prototype, method).rawBody = true;
    RouteConfig({ rawBody: true, bodyLimit: limitBytes })(prototype, method, descriptor);
  };
}

/** Words for the OpenAPI document, and the schema of the answer. */
export function Operation(words: { readonly summary: string; readonly description?: string; readonly answer?: TSchema }): MethodDecorator {
  return (prototype, method) => {
    Object.assign(factsOf(prototype, method), words);
  };
}

function noting(decorate: ParameterDecorator, note: (facts: OperationFacts) => void): MethodParameter {
  return (prototype, method, index) => {
    if (method !== undefined) note(factsOf(prototype, method));
    decorate(prototype, method, index);
  };
}
