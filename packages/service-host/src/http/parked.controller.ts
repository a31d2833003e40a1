import type { Department, ParkedStore } from '@instep/department';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Type, type Static } from 'typebox';

import { Operation, ValidBody } from './decorators.ts';
import { CONSUMER, DEPARTMENT, PARKED } from './tokens.ts';

const Redrive = Type.Object({ topic: Type.String({ minLength: 1 }), key: Type.String({ minLength: 1 }) }, { additionalProperties: false });

const MOST_KEYS = 200;

/** Records that could not be applied. Their contents are not shown: they may be personal. */
@Controller('parked')
export class ParkedController {
  readonly #department: Department;
  readonly #parked: ParkedStore;
  readonly #consumer: string;

  constructor(@Inject(DEPARTMENT) department: Department, @Inject(PARKED) parked: ParkedStore, @Inject(CONSUMER) consumer: string) {
    this.#department = department;
    this.#parked = parked;
    this.#consumer = consumer;
  }

  @Get()
  @Operation({ summary: 'Keys that stand still, with the reason of their first record', description: 'Oldest first, 200 at most.' })
  async list(): Promise<object> {
    const heads = await this.#parked.list(this.#consumer, MOST_KEYS);
    return {
      items: heads.map(({ topic, partition, offset, key, type, code, reason, parkedAt, waiting }) => ({
        topic,
        key,
        records: waiting,
        first: { partition, offset, type, code, reason, parkedAt: new Date(parkedAt).toISOString() },
      })),
    };
  }

  @Post('redrive')
  @HttpCode(200)
  @Operation({ summary: 'Applies the parked records of a key in order', description: 'Stops at the first that fails again and says why.' })
  async redrive(@ValidBody(Redrive) { topic, key }: Static<typeof Redrive>): Promise<object> {
    return this.#department.redrive(topic, key);
  }
}
