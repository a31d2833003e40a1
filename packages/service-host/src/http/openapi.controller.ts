import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { Operation } from './decorators.ts';
import { OPENAPI } from './tokens.ts';

@Controller('openapi.json')
export class OpenApiController {
  readonly #document: () => string;

  constructor(@Inject(OPENAPI) document: () => string) {
    this.#document = document;
  }

  @Get()
  @Operation({ summary: 'This document' })
  document(@Res() reply: FastifyReply): void {
    reply.header('content-type', 'application/json').send(this.#document());
  }
}
