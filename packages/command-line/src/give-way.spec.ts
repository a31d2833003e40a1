import { execFileSync } from 'node:child_process';

import { expect, it } from '@jest/globals';

it('gives way with every thread, those that ran before too', () => {
  // In a process of its own: a priority is not taken back. Threads have one each on Linux alone, and are listed there.
  const program = `
    import { existsSync, readdirSync, readFileSync } from 'node:fs';
    import { getPriority } from 'node:os';
    import { giveWay } from ${JSON.stringify(new URL('give-way.ts', import.meta.url).href)};
    giveWay(10);
    const niceOf = (thread) => Number(readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ')[16]);
    const threads = existsSync('/proc/self/task') ? readdirSync('/proc/self/task') : [];
    console.log(JSON.stringify([getPriority(), ...threads.map(niceOf)]));`;
  const nice = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })) as number[];
  expect(new Set(nice)).toEqual(new Set([10]));
});
