import type { Department, ParkedRecord, ParkedStore } from '@instep/department';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Type, type Static } from 'typebox';

import { Operation, ValidBody, ValidQuery } from './decorators.ts';
import { CONSUMER, DEPARTMENT, PARKED } from './tokens.ts';

const key = { topic: Type.String({ minLength: 1 }), key: Type.String({ minLength: 1 }) };
const OneKey = Type.Object(key, { additionalProperties: false });
const Mend = Type.Object(
  { value: Type.String({ minLength: 1 }), note: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
);
const Redrive = Type.Object({ ...key, dryRun: Type.Optional(Type.Boolean()), mend: Type.Optional(Mend) }, { additionalProperties: false });
const Listed = Type.Object({ most: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,3}$' })) }, { additionalProperties: false });

const MOST_KEYS = '200';
const MOST_RECORDS = 500;

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
  @Operation({
    summary: 'Keys that stand still, with the reason of their first record',
    description: 'Oldest first, `most` at most (200 when not said); `keys` and `records` count all.',
  })
  async list(@ValidQuery(Listed) { most = MOST_KEYS }: Static<typeof Listed>): Promise<object> {
    const [heads, all] = await Promise.all([this.#parked.list(this.#consumer, Number(most)), this.#parked.count(this.#consumer)]);
    return {
      ...all,
      items: heads.map((head) => ({ topic: head.topic, key: head.key, records: head.waiting, first: told(head) })),
    };
  }

  @Get('records')
  @Operation({ summary: 'The parked records of one key, in order', description: 'The first 500.' })
  async records(@ValidQuery(OneKey) { topic, key }: Static<typeof OneKey>): Promise<object> {
    return { topic, key, items: (await this.#parked.read(this.#consumer, topic, key, MOST_RECORDS)).map(told) };
  }

  @Post('redrive')
  @HttpCode(200)
  @Operation({
    summary: 'Applies the parked records of a key in order',
    description:
      'Stops at the first that fails again and says why. With `dryRun` it only says whether the first would be applied now. `mend` puts an event (`value`, as JSON) in the place of the first record; the log tells it with the `note` of who did it and why.',
  })
  async redrive(@ValidBody(Redrive) { topic, key, dryRun = false, mend }: Static<typeof Redrive>): Promise<object> {
    const other = mend && { value: Buffer.from(mend.value), note: mend.note };
    if (!dryRun) return this.#department.redrive(topic, key, other);
    const rehearsal = await this.#department.rehearse(topic, key, other);
    return rehearsal ?? { applies: false, events: 0, reason: 'nothing of this key is parked' };
  }
}

function told({ partition, offset, type, code, reason, parkedAt }: ParkedRecord): object {
  return { partition, offset, type, code, reason, parkedAt: new Date(parkedAt).toISOString() };
}
