import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { makeScratch } from './scratch.ts';

describe('the folder of a reader', () => {
  it('goes with the next reader when its process was killed, and stays while it runs', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = join(tmpdir(), `lake-log-${hostname()}-${dead}-killed`);
    const others = join(tmpdir(), `lake-log-elsewhere-${dead}-killed`);
    for (const folder of [left, others]) mkdirSync(folder);
    const own = makeScratch();
    const second = makeScratch();
    expect([left, others, own, second].map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
    for (const folder of [others, own, second]) rmSync(folder, { recursive: true });
  });
});
