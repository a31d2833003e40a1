import { spawnSync } from 'node:child_process';

import { Command } from 'commander';
import { describe, expect, it } from '@jest/globals';

import { addSelecting, time, type SelectingOptions } from './selecting.ts';

/** Its time zone cannot be changed within a process. */
const selecting = new URL('./selecting.ts', import.meta.url).href;

describe('a moment that is given', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01 12:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.5+02:00', '2026-03-01T10:00:00.500Z'],
  ])('%s is %s, wherever the machine stands', (text, moment) => {
    const code = `import { time } from '${selecting}'; process.stdout.write(new Date(time('--since')('${text}')).toISOString());`;
    const { stdout } = spawnSync(process.execPath, ['--conditions=instep-source', '--input-type=module', '-e', code], {
      env: { ...process.env, NODE_OPTIONS: '', TZ: 'America/New_York' },
      encoding: 'utf8',
    });
    expect(stdout).toBe(moment);
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
