import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import type { Readiness } from '../readiness.ts';

import { Operation } from './decorators.ts';
import { READINESS } from './tokens.ts';

@Controller('health')
export class HealthController {
  readonly #readiness: Readiness;

  constructor(@Inject(READINESS) readiness: Readiness) {
    this.#readiness = readiness;
  }

  /** Never asks database or broker: a restart would not bring them back. A stuck consumer ends the process by itself. */
  @Get('live')
  @Operation({ summary: 'Whether the process lives' })
  live(): object {
    return { status: 'live' };
  }

  @Get('ready')
  @Operation({ summary: 'Whether the service serves, and what is in its way' })
  ready(@Res() reply: FastifyReply): void {
    const state = this.#readiness.state();
    if (state.status !== 'ready') reply.header('retry-after', '2');
    reply.code(state.status === 'ready' ? 200 : 503).send(state);
  }
}
