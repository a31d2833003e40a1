import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findJava, majorOf } from './java.ts';

const home = mkdtempSync(join(tmpdir(), 'java-home-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('Java', () => {
  it.each([
    ['17.0.15', 17],
    ['1.8.0_392', 8],
    ['25', 25],
    ['21-ea', 21],
  ])('reads the major version of %s', (version, major) => {
    expect(majorOf(version)).toBe(major);
  });

  it('says what to do when there is none', async () => {
    await expect(findJava(join(home, 'nowhere'))).rejects.toMatchObject({ code: 'platform/java-missing' });
  });

  it('says what to do when it is too old', async () => {
    const java = join(home, 'bin', 'java');
    mkdirSync(join(home, 'bin'));
    writeFileSync(java, '#!/bin/sh\necho \'openjdk version "11.0.2" 2019-01-15\' >&2\n');
    chmodSync(java, 0o755);
    await expect(findJava(home)).rejects.toMatchObject({
      code: 'platform/java-too-old',
      message: expect.stringContaining('Java 11.0.2 is too old') as unknown,
    });
  });
});
