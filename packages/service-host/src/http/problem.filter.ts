import { randomUUID } from 'node:crypto';

import type { Logger } from '@instep/telemetry';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { problemAnswer } from './problem-document.ts';
import type { RefusalStatuses } from './problem.ts';

/** Every error that leaves a route becomes a problem document. A defect is logged here, once, with its id; the caller sees only the id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #statuses: RefusalStatuses;
  readonly #logger: Logger;

  constructor(statuses: RefusalStatuses, logger: Logger) {
    this.#statuses = statuses;
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { document, retryAfterSeconds, defect } = problemAnswer(error, this.#statuses, randomUUID);
    if (defect) {
      this.#logger.error(
        { err: error, errorId: document.errorId, method: request.method, route: request.routeOptions.url },
        'request failed on a defect',
      );
    }
    if (reply.sent) return;
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
    reply.code(document.status).header('content-type', 'application/problem+json').send(JSON.stringify(document));
  }
}
