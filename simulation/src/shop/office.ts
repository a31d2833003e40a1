import { createHash } from 'node:crypto';

import type { ServiceName } from '@instep/contracts';
import type { Command } from '@instep/decider';
import type { Outcome } from '@instep/department';

import type { RequestEvidence } from '../evidence.ts';
import type { Ground } from '../ground.ts';
import type { Random } from '../time/random.ts';
import type { Gateway } from './gateway.ts';

const retryMs = { first: 300, most: 5_000 };
export const tenant = 'demo';

interface Asked extends Omit<RequestEvidence, 'answers' | 'acknowledged'> {
  readonly answers: Outcome[];
}

/** Those who send commands: each under one Idempotency-Key, again until it is answered, and now and then once more after that. */
export class Office {
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #gateway: Gateway;
  readonly #asked: Asked[] = [];
  underWay = 0;

  constructor(ground: Ground, gateway: Gateway) {
    this.#ground = ground;
    this.#gateway = gateway;
    this.#random = ground.random.split('office');
  }

  /** Resolves with the first answer. */
  async ask(service: ServiceName, command: Command, idempotencyKey = `k-${String(this.#asked.length + 1)}`): Promise<Outcome> {
    const { command: definition, data } = command;
    const requestHash = createHash('sha256')
      .update(JSON.stringify([definition.name, data]))
      .digest('hex')
      .slice(0, 16);
    const asked: Asked = { service, tenant, idempotencyKey, requestHash, command: definition.name, data, answers: [] };
    this.#asked.push(asked);
    this.underWay += 1;
    const first = await this.#untilAnswered(asked, command);
    if (this.#random.chance(0.3)) void this.#onceMore(asked, command);
    else this.underWay -= 1;
    return first;
  }

  requests(): readonly RequestEvidence[] {
    return this.#asked.map((asked) => ({ ...asked, acknowledged: asked.answers.length > 0 }));
  }

  async #onceMore(asked: Asked, command: Command): Promise<void> {
    await this.#ground.time.sleep(this.#random.between(10, 8_000));
    await this.#untilAnswered(asked, command);
    this.underWay -= 1;
  }

  async #untilAnswered(asked: Asked, command: Command): Promise<Outcome> {
    const { time, coverage, trace } = this.#ground;
    const { service, idempotencyKey, requestHash } = asked;
    const request = { tenant, actor: 'user/clerk', idempotencyKey, requestHash };
    for (let tries = 0; ; tries += 1) {
      try {
        const outcome = await this.#gateway.ask(service, asked.command, (process) => process.department.execute(command, request));
        asked.answers.push(outcome);
        if (outcome.replayed) coverage.count('request answered again');
        if (outcome.kind === 'refused') coverage.count('request refused');
        trace.note('answered', service, asked.command, idempotencyKey, outcome.kind);
        return outcome;
      } catch (error) {
        trace.note('not answered', service, asked.command, idempotencyKey, (error as Error).message);
        await time.sleep(Math.min(retryMs.first * 2 ** tries, retryMs.most));
      }
    }
  }
}
