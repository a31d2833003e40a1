import type { Clock } from '@instep/department';
import { LogUnavailable, UnknownTopic } from '@instep/event-log';
import { createLogger } from '@instep/telemetry';
import { describe, expect, it } from '@jest/globals';

import { patiently } from './patience.ts';
import { Readiness } from './readiness.ts';

function world() {
  const lines: { level: string; msg: string; reason?: string }[] = [];
  const pauses: number[] = [];
  const ending = new AbortController();
  const readiness = new Readiness(() => 0, true);
  const clock: Clock = {
    now: () => 0,
    sleep: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  const logger = createLogger({
    service: 'crm',
    level: 'info',
    destination: { write: (line) => void lines.push(JSON.parse(line) as never) },
  });
  return { lines, pauses, ending, readiness, parts: { clock, logger, readiness, signal: ending.signal } };
}

const refused = (): Error => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });

describe('patience', () => {
  it('tries until it succeeds, with growing pauses, and says each reason once', async () => {
    const { lines, pauses, readiness, parts } = world();
    const answers: (Error | string)[] = [
      refused(),
      refused(),
      refused(),
      Object.assign(new Error('starting up'), { code: '57P03' }),
      refused(),
      'there',
    ];
    const troubles: (readonly string[])[] = [];
    const result = await patiently(
      'database',
      () => {
        troubles.push(readiness.state().troubles);
        const answer = answers.shift();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
      parts,
    );
    expect(result).toBe('there');
    expect(pauses).toEqual([200, 400, 800, 1600, 3000]);
    expect(lines.map(({ level, msg, reason }) => [level, msg, reason])).toEqual([
      ['warn', 'waiting for the database', 'connect ECONNREFUSED 127.0.0.1:5432'],
      ['warn', 'waiting for the database', 'starting up'],
      ['info', 'the database is there now', undefined],
    ]);
    expect(troubles[1]).toEqual(['The database cannot be used: connect ECONNREFUSED 127.0.0.1:5432']);
    expect(readiness.state().troubles).toEqual([]);
  });

  it.each([
    ['a log that is away', new LogUnavailable('no broker')],
    ['topics that somebody has yet to make', Object.assign(new Error('orders: create it'), { code: 'log/topics-unfit' })],
    ['a view that somebody has yet to switch', Object.assign(new Error('customer'), { code: 'database/switched-view-too-old' })],
    ['a topic that this broker does not know yet', new UnknownTopic('no such topic')],
    ['several addresses that all refuse', new AggregateError([refused(), refused()], '')],
    ['a cause that is away', new Error('migration', { cause: refused() })],
    ['a driver that gives no code', new Error('Connection terminated unexpectedly')],
  ])('waits for %s', async (_, error) => {
    const { parts } = world();
    let tries = 0;
    await patiently('x', () => (++tries < 3 ? Promise.reject(error) : Promise.resolve()), parts);
    expect(tries).toBe(3);
  });

  it.each([
    ['a migration that is wrong', Object.assign(new Error('syntax error'), { code: '42601' })],
    ['a defect', new TypeError('x is not a function')],
    ['a file that is missing', Object.assign(new Error('no such file'), { code: 'ENOENT' })],
  ])('does not wait for %s', async (_, error) => {
    const { parts } = world();
    await expect(patiently('x', () => Promise.reject(error), parts)).rejects.toBe(error);
  });

  it('ends when the service is told to end', async () => {
    const { ending, parts } = world();
    const waiting = patiently(
      'x',
      () => {
        ending.abort();
        return Promise.reject(refused());
      },
      parts,
    );
    await expect(waiting).rejects.toMatchObject({ code: 'service/start-abandoned' });
  });
});
