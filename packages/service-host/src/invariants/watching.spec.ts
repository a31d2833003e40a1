import type { Clock } from '@instep/department';
import type { InvariantState, InvariantWatch } from '@instep/postgres';
import { createLogger } from '@instep/telemetry';
import { describe, expect, it } from '@jest/globals';

import { Readiness } from '../readiness.ts';

import { positionsWithinLog } from './positions-within-log.ts';
import { Watching } from './watching.ts';

const DAY_MS = 24 * 60 * 60_000;

const balanced: InvariantState = {
  name: 'journals-balance',
  promise: 'Every journal adds up to zero.',
  severity: 'violation',
  violations: [],
  checkedAt: 0,
  tookMs: 1,
  failure: undefined,
};
const off = (...subjects: string[]): InvariantState => ({
  ...balanced,
  violations: subjects.map((subject) => ({ subject, detail: '1 EUR' })),
});

type Answer = readonly InvariantState[] | Error | undefined;

/** Answers one run after the other; ends the watching when there is nothing left to answer. */
function world(answers: Answer[], { everySeconds = 60, minutesApart = 1 } = {}) {
  const lines: Record<string, unknown>[] = [];
  const runs: { everything: boolean; standing: readonly string[] }[] = [];
  let now = 1_000_000;
  let closed = 0;
  let over: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (over = resolve));
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) => {
      now += minutesApart * ms;
      if (answers.length > 0) return Promise.resolve();
      over();
      return new Promise((resolve) =>
        signal?.addEventListener('abort', () => {
          resolve();
        }),
      );
    },
  };
  const watch: InvariantWatch = {
    run: ({ everything, standing }) => {
      runs.push({ everything, standing: [...standing] });
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as InvariantState[] | undefined);
    },
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
  };
  const readiness = new Readiness(() => now, false);
  readiness.serve(() => ({ troubles: [], consuming: true }) as never);
  const logger = createLogger({
    service: 'finance',
    level: 'info',
    destination: { write: (line) => void lines.push(JSON.parse(line) as never) },
  });
  const watching = new Watching({ watch, clock, logger, readiness, everySeconds, troubles: () => ['relay: the log does not answer'] });
  const said = (): unknown[] => lines.map(({ level, msg, invariant, count, reason }) => [level, msg, invariant ?? reason, count]);
  return { watching, readiness, runs, answered, said, lines, closes: () => closed };
}

describe('watching', () => {
  it('checks everything at the start and once a day, and what is new in between', async () => {
    const often = world([[balanced], [balanced], [balanced]]);
    often.watching.start();
    await often.answered;
    expect(often.runs.map(({ everything }) => everything)).toEqual([true, false, false]);
    expect(often.runs[0]?.standing).toEqual(['relay']);
    const daily = world([[balanced], [balanced]], { minutesApart: DAY_MS / 60_000 });
    daily.watching.start();
    await daily.answered;
    expect(daily.runs.map(({ everything }) => everything)).toEqual([true, true]);
    for (const { watching } of [often, daily]) await watching.stop();
  });

  it('says a violation once per change, shows it in readiness, and goes on serving', async () => {
    const { watching, readiness, answered, said, lines } = world([[off('a#1')], [off('a#1')], [off('b#1', 'a#1')], [off('a#1', 'b#1')]]);
    watching.start();
    await answered;
    expect(said()).toEqual([
      ['error', 'an invariant does not hold', 'journals-balance', 1],
      ['error', 'an invariant does not hold', 'journals-balance', 2],
    ]);
    expect(lines[0]).toMatchObject({ promise: balanced.promise, violations: [{ subject: 'a#1', detail: '1 EUR' }] });
    expect(readiness.state()).toEqual({
      status: 'ready',
      troubles: ['Invariants do not hold: journals-balance (2). GET /invariants says more.'],
    });
    expect(watching.now()).toMatchObject({ watching: true, states: [{ name: 'journals-balance' }] });
    await watching.stop();
  });

  it('says that it holds again, and takes it out of readiness', async () => {
    const { watching, readiness, answered, said } = world([[off('a#1')], [balanced], [balanced]]);
    watching.start();
    await answered;
    expect(said().at(-1)).toEqual(['info', 'an invariant holds again', 'journals-balance', undefined]);
    expect(said()).toHaveLength(2);
    expect(readiness.state().troubles).toEqual([]);
    await watching.stop();
  });

  it('keeps a warning out of readiness', async () => {
    const { watching, readiness, answered, said } = world([[{ ...off('outbox'), severity: 'warning' }]]);
    watching.start();
    await answered;
    expect(said()).toEqual([['warn', 'somebody should look at this', 'journals-balance', 1]]);
    expect(readiness.state().troubles).toEqual([]);
    await watching.stop();
  });

  it('takes a database that is away for no violation, and says once that it cannot check', async () => {
    const away = new Error('connect ECONNREFUSED');
    const { watching, readiness, answered, said } = world([[balanced], away, away, [balanced], away]);
    watching.start();
    await answered;
    expect(said()).toEqual([
      ['warn', 'the invariants cannot be checked', 'connect ECONNREFUSED', undefined],
      ['warn', 'the invariants cannot be checked', 'connect ECONNREFUSED', undefined],
    ]);
    expect(readiness.state()).toEqual({ status: 'ready', troubles: [] });
    await watching.stop();
  });

  it('says once that a single invariant cannot be checked', async () => {
    const slow = { ...balanced, failure: 'canceling statement due to statement timeout' };
    const { watching, answered, said } = world([[slow], [slow], [balanced]]);
    watching.start();
    await answered;
    expect(said()).toEqual([['warn', 'an invariant cannot be checked', 'journals-balance', undefined]].map(([a, b, c, d]) => [a, b, c, d]));
    await watching.stop();
  });

  it('reports nothing of its own while another replica checks', async () => {
    const { watching, readiness, answered } = world([[off('a#1')], undefined]);
    watching.start();
    await answered;
    expect(watching.now()).toMatchObject({ watching: false, states: [] });
    expect(readiness.state().troubles).toEqual([]);
    await watching.stop();
  });

  it('only answers when it is asked, when it is turned off', async () => {
    const { watching, runs } = world([[off('a#1')]], { everySeconds: 0 });
    watching.start();
    await new Promise(setImmediate);
    expect(runs).toEqual([]);
    expect(await watching.checkEverything()).toMatchObject({ watching: true, states: [{ violations: [{ subject: 'a#1' }] }] });
    await watching.stop();
  });

  it('gives its connection back at the end', async () => {
    const { watching, answered, closes } = world([[balanced]]);
    watching.start();
    await answered;
    await watching.stop();
    expect(closes()).toBe(1);
  });
});

describe('positions within the log', () => {
  const found = async (positions: readonly (readonly [string, number, number])[]) => {
    const { check } = positionsWithinLog('crm', {
      bounds: (topic) => Promise.resolve(topic === 'orders' ? [{ partition: 0, first: 0, next: 10 }] : []),
    });
    if (check.kind !== 'asked') throw new Error('asks in another way');
    return await check.find((_sql, values) => {
      expect(values).toEqual(['crm']);
      return Promise.resolve(
        positions.map(([topic, partition, offset]) => ({ topic, partition: String(partition), next_offset: String(offset) })),
      );
    });
  };

  it('may stand at the end, not behind it', async () => {
    expect(await found([['orders', 0, 10]])).toEqual([]);
    expect(await found([['orders', 0, 11]])).toEqual([{ subject: 'orders/0', detail: 'applied up to 11, the log ends at 10' }]);
    expect(await found([['orders', 1, 1]])).toEqual([{ subject: 'orders/1', detail: 'applied up to 1, the log ends at 0' }]);
  });
});
