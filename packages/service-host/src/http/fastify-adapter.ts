import type { Metrics } from '@instep/telemetry';
import { newTraceparent, parseTraceparent, withTraceparent } from '@instep/telemetry';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { single, type CallerResolver } from './caller.ts';
import { parseExactJson } from './exact-json.ts';
import { Problem } from './problem.ts';

export interface HttpEdge {
  readonly resolveCaller: CallerResolver;
  readonly metrics: Metrics;
  /** Why requests cannot be served yet; undefined when they can. Health, metrics and OpenAPI answer always. */
  notYet(): string | undefined;
}

/** Routes that answer before the service has its database and log. */
const ALWAYS = /^\/(?:health\/|metrics$|openapi\.json$)/;

const JSON_LIMIT_BYTES = 1024 * 1024;

/** Fastify as every service runs it: exact JSON or raw bytes, no inflating, no logging per request, a trace around each. */
export function fastifyAdapter(edge: HttpEdge): FastifyAdapter {
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: JSON_LIMIT_BYTES,
    connectionTimeout: 60_000, // of a silent socket
    requestTimeout: 30_000, // to receive a whole request: slow senders do not hold sockets
    keepAliveTimeout: 72_000, // longer than the idle time-out of usual load balancers, which must close first
    maxRequestsPerSocket: 0,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.decorate('resolveCaller', edge.resolveCaller);
  parseBodies(fastify);
  fastify.addHook('onRoute', (route) => {
    const limit = (route.config as { bodyLimit?: number } | undefined)?.bodyLimit;
    if (limit !== undefined) route.bodyLimit = limit;
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const reason = edge.notYet();
    if (reason !== undefined && !ALWAYS.test(request.routeOptions.url ?? '')) {
      done(new Problem(503, 'service/not-ready', reason, { retryAfterSeconds: 2 }));
      return;
    }
    withTraceparent(parseTraceparent(single(request.headers.traceparent)) ?? newTraceparent(), done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    edge.metrics.observeRequest({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    done();
  });
  return adapter;
}

function parseBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, wantsBytes(request) ? body : body.length === 0 ? undefined : parseExactJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (wantsBytes(request)) done(null, body);
    else done(new Problem(415, 'request/unsupported-media-type', 'Bodies are application/json.'));
  });
}

function wantsBytes(request: FastifyRequest): boolean {
  return (request.routeOptions.config as { rawBody?: boolean }).rawBody === true;
}
