import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { expect, it } from '@jest/globals';

const onLinux = existsSync('/proc/self/task') ? it : it.skip;

onLinux('gives way with every thread, those that ran before too', () => {
  // In a process of its own: a priority is not taken back.
  const program = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { giveWay } from ${JSON.stringify(new URL('give-way.ts', import.meta.url).href)};
    giveWay(10);
    const niceOf = (thread) => readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ')[16];
    console.log(JSON.stringify(readdirSync('/proc/self/task').map(niceOf)));`;
  const nice = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })) as string[];
  expect(nice.length).toBeGreaterThan(1);
  expect(new Set(nice)).toEqual(new Set(['10']));
});
