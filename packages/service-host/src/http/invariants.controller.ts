import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';

import type { InvariantsNow, Watching } from '../invariants/watching.ts';

import { Operation } from './decorators.ts';
import { Problem } from './problem.ts';
import { WATCHING } from './tokens.ts';

/** What must hold in the service's database, and whether it does. Ids only, no personal data. */
@Controller('invariants')
export class InvariantsController {
  readonly #watching: Watching | undefined;

  constructor(@Inject(WATCHING) watching: Watching | undefined) {
    this.#watching = watching;
  }

  @Get()
  @Operation({ summary: 'How the invariants stood when they were last checked', description: 'Of several replicas one checks.' })
  now(): object {
    return document(this.#there().now());
  }

  @Post('check')
  @HttpCode(200)
  @Operation({ summary: 'Checks every invariant on all rows, now', description: 'Takes seconds per million rows, with pauses in between.' })
  async check(): Promise<object> {
    const now = await this.#there().checkEverything();
    if (!now.watching)
      throw new Problem(409, 'invariants/checked-elsewhere', 'Another replica of this service checks the invariants. Ask that one.');
    return document(now);
  }

  #there(): Watching {
    if (!this.#watching) throw new Problem(404, 'invariants/none', 'This service has no database to check.');
    return this.#watching;
  }
}

function document({ watching, lastRunAt, lastRunSeconds, states }: InvariantsNow): object {
  return {
    watching,
    lastRunAt: instant(lastRunAt),
    lastRunSeconds,
    violated: states.filter(({ violations }) => violations.length > 0).map(({ name }) => name),
    items: states.map(({ name, promise, severity, violations, checkedAt, tookMs, failure }) => ({
      name,
      promise,
      severity,
      violations,
      checkedAt: instant(checkedAt),
      tookMs: Math.round(tookMs),
      failure: failure ?? null,
    })),
  };
}

function instant(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
