import type { RequestContext } from '@instep/department';
import { currentTraceparent } from '@instep/telemetry';
import type { FastifyRequest } from 'fastify';

import { single } from './caller.ts';
import { Problem } from './problem.ts';
import { requestHash } from './request-hash.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** The context that a command is executed in, from headers and content of its request. Throws `Problem` 400 without an idempotency key. */
export function requestContext(request: FastifyRequest): RequestContext {
  const idempotencyKey = single(request.headers['idempotency-key']);
  if (idempotencyKey === undefined || idempotencyKey === '') {
    throw new Problem(
      400,
      'request/idempotency-key-missing',
      'A change needs the header Idempotency-Key, so that it can be sent again without happening twice.',
    );
  }
  if (!KEY.test(idempotencyKey))
    throw new Problem(400, 'request/idempotency-key-invalid', 'An idempotency key is 1 to 200 visible ASCII characters.');
  const { tenant, actor } = request.server.resolveCaller(request);
  const traceparent = currentTraceparent();
  const correlationId = single(request.headers['x-correlation-id']);
  return {
    tenant,
    actor,
    idempotencyKey,
    requestHash: requestHash(request.method, request.url, request.body),
    ...(correlationId !== undefined && KEY.test(correlationId) && { correlationId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}
