import { Command } from 'commander';
import { describe, expect, it } from '@jest/globals';

import { addSelecting, time, type SelectingOptions } from './selecting.ts';

describe('a moment that is given', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01 12:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.5+02:00', '2026-03-01T10:00:00.500Z'],
  ])('%s is %s, wherever the machine stands', (text, moment) => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      expect(new Date(time('--since')(text)).toISOString()).toBe(moment);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it.each(['2026-02-30', '2026-02-30T12:00', '3/1/2026', '2026-03-01T25:00', 'yesterday', ''])('"%s" is none', (text) => {
    expect(() => time('--since')(text)).toThrow(`"${text}" is no moment (--since): write it as`);
  });

  it('is said with the option that it was given to', async () => {
    const command = addSelecting(new Command(), { lake: 'lake', brokers: undefined, databaseUrl: undefined }).action(() => undefined);
    const parse = (...args: readonly string[]): Promise<unknown> => command.parseAsync(['--to', 'sandbox', ...args], { from: 'user' });
    await expect(parse('--until', '2026-02-30')).rejects.toThrow('(--until)');
    await parse('--since', '2026-03-01');
    expect(command.opts<SelectingOptions>().since).toBe(Date.UTC(2026, 2, 1));
  });
});
