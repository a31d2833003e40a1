import type { FastifyInstance } from 'fastify';

import type { Failpoints } from './failpoints.ts';

/** Asked by those who look after the process, all the time: counting them would make the n-th answer a matter of luck. */
const LOOKED_AT = /^\/(?:health\/|metrics$|openapi\.json$)/;

/** A point before and after the answer to each HTTP request. A broken connection is a socket that is reset. */
export function failingAnswers(fastify: FastifyInstance, points: Failpoints): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!LOOKED_AT.test(request.routeOptions.url ?? '') && points.pass('http.answer', 'before')) reply.raw.socket?.destroy();
    done(null, payload);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (!LOOKED_AT.test(request.routeOptions.url ?? '') && points.pass('http.answer', 'after')) reply.raw.socket?.destroy();
    done();
  });
}
