import { spawnSync } from 'node:child_process';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { runCommand } from './run-command.ts';

let said = '';

beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

const that = (action: (signal: AbortSignal) => unknown) => (signal: AbortSignal) => ({
  parseAsync: async () => {
    await action(signal);
  },
});

function fault(code: string): Error {
  return Object.assign(new Error('Do something else.'), { code });
}

describe('a command', () => {
  it('says a fault of its areas in a sentence, and ends with 1', async () => {
    await runCommand(
      that(() => Promise.reject(fault('lake/empty'))),
      [],
      ['log', 'lake'],
    );
    expect([said, process.exitCode]).toEqual(['Do something else.\n', 1]);
  });

  it.each(['lakes/empty', 'store/conflict', 'ENOENT'])('throws a defect with its stack: %s', async (code) => {
    const work = that(() => Promise.reject(fault(code)));
    await expect(runCommand(work, [], ['lake'])).rejects.toThrow('Do something else.');
    expect(said).toBe('');
  });

  it('is told of Ctrl-C, and only while it works', async () => {
    const before = process.listenerCount('SIGINT');
    const work = that((signal) => {
      process.emit('SIGINT');
      said += String(signal.aborted);
    });
    await runCommand(work, [], []);
    expect([said, process.listenerCount('SIGINT')]).toEqual(['true', before]);
  });

  it('ends in silence when nobody reads on', () => {
    const program = `
      import { runCommand } from ${JSON.stringify(new URL('run-command.ts', import.meta.url).href)};
      const line = 'a line that nobody reads\\n'.repeat(10_000);
      const parseAsync = () => new Promise(() => setInterval(() => process.stdout.write(line), 1));
      await runCommand(() => ({ parseAsync }), [], []);`;
    const shell = '"$0" --input-type=module --eval "$1" | head -1; exit ${PIPESTATUS[0]}';
    const { status, stdout, stderr } = spawnSync('bash', ['-c', shell, process.execPath, program], { encoding: 'utf8', timeout: 30_000 });
    expect([status, stdout, stderr]).toEqual([0, 'a line that nobody reads\n', '']);
  });
});
