import type { Metrics } from '@instep/telemetry';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { Operation } from './decorators.ts';
import { METRICS } from './tokens.ts';

@Controller('metrics')
export class MetricsController {
  readonly #metrics: Metrics;

  constructor(@Inject(METRICS) metrics: Metrics) {
    this.#metrics = metrics;
  }

  @Get()
  @Operation({ summary: 'Metrics in the format of Prometheus' })
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    reply.header('content-type', this.#metrics.contentType).send(await this.#metrics.text());
  }
}
