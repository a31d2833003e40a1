import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimPidFile, holderOf, withLock } from './pid-file.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

const gone: ProcessIdentity = { pid: 4_000_000, started: '1' };
let folder = '';
let path = '';
let other: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-file-'));
  path = join(folder, 'it.pid');
});
afterEach(() => {
  other?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('a claim on a pid file', () => {
  it('refuses a second claim while the first one lives, and allows it after release', async () => {
    const first = await claimPidFile(path, 'Kafka');
    await expect(claimPidFile(path, 'Kafka')).rejects.toMatchObject({ code: 'platform/already-running' });
    first.release();
    expect(existsSync(path)).toBe(false);
    expect((await claimPidFile(path, 'Kafka')).tookOver).toBe(false);
  });

  it('takes over from a process that is gone', async () => {
    writeFileSync(path, JSON.stringify({ owner: gone }));
    expect((await claimPidFile(path, 'Kafka')).tookOver).toBe(true);
    expect(holderOf(path)?.pid).toBe(process.pid);
  });

  it('takes over when the number belongs to a later process now', async () => {
    writeFileSync(path, JSON.stringify({ owner: { pid: process.pid, started: 'long ago' } }));
    expect((await claimPidFile(path, 'Kafka')).tookOver).toBe(true);
  });

  it('takes over from a file that says nothing', async () => {
    writeFileSync(path, '');
    expect((await claimPidFile(path, 'Kafka')).tookOver).toBe(true);
  });

  it('waits until a child whose owner died has ended', async () => {
    other = spawn('sleep', ['1000']);
    writeFileSync(path, JSON.stringify({ owner: gone, child: identify(other.pid ?? 0) }));
    let claimed = false;
    const claim = claimPidFile(path, 'Kafka').then(() => (claimed = true));
    await pause(200);
    expect(claimed).toBe(false);
    other.kill('SIGKILL');
    await claim;
  });
});

describe('a lock file', () => {
  it('lets one in at a time', async () => {
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} in`);
      await pause(20);
      order.push(`${name} out`);
    };
    await Promise.all([withLock(path, work('a')), withLock(path, work('b'))]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(existsSync(path)).toBe(false);
  });

  it('passes over a holder that is gone', async () => {
    writeFileSync(path, JSON.stringify({ owner: gone }));
    expect(await withLock(path, () => Promise.resolve('in'))).toBe('in');
  });
});
