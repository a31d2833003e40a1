import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnGuarded } from '../src/guarded-process.ts';
import { logSince } from '../src/log-tail.ts';
import { identify } from '../src/process-identity.ts';

const holder = fileURLToPath(new URL('hold-a-child.ts', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guarded process '));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a guarded process', () => {
  it('ends when its parent is killed hard', async () => {
    const child = await heldBy('sleep', '1000');
    process.kill(child.parent, 'SIGKILL');
    await until(() => identify(child.pid) === undefined);
  });

  it('ends also when its parent and all of its group are killed hard', async () => {
    const child = await heldBy('sleep', '1000');
    process.kill(-child.parent, 'SIGKILL');
    await until(() => identify(child.pid) === undefined);
  });

  it('is killed after ten seconds when it does not listen to its stop signal', async () => {
    const child = await heldBy('sh', '-c', "trap '' TERM; echo deaf; while :; do sleep 1; done");
    await until(() => logSince(join(folder, 'held.log'), 0).includes('deaf'));
    process.kill(child.parent, 'SIGKILL');
    await until(() => identify(child.pid) === undefined, 20_000);
  });

  it('appends what it says to its log and reports its exit code', async () => {
    const logFile = join(folder, 'said.log');
    const child = await spawnGuarded({ command: 'sh', args: ['-c', 'echo "$1"; echo "$2" >&2; exit 3', 'sh', 'a  b', "c'd"], logFile });
    expect(await child.exited).toEqual({ code: 3, signal: null });
    expect(logSince(logFile, 0)).toBe("a  b\nc'd\n");
  });

  it('is stopped with its signal, and killed when it takes too long', async () => {
    const logFile = join(folder, 'stopped.log');
    const polite = await spawnGuarded({ command: 'sleep', args: ['1000'], logFile });
    expect(await polite.stop(5_000)).toEqual({ code: null, signal: 'SIGTERM' });
    const deaf = await spawnGuarded({ command: 'sh', args: ['-c', "trap '' TERM; echo up; while :; do sleep 1; done"], logFile });
    await until(() => logSince(logFile, 0).includes('up'));
    expect(await deaf.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

async function heldBy(...command: string[]): Promise<{ parent: number; pid: number }> {
  const parent = spawn(process.execPath, [holder, join(folder, 'held.log'), ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (line) => resolve(Number(String(line)))));
  if (parent.pid === undefined) throw new Error('the parent did not start');
  return { parent: parent.pid, pid };
}

async function until(condition: () => boolean, timeoutMs = 8_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not so after ${timeoutMs} ms: ${condition.toString()}`);
    await pause(20);
  }
}
