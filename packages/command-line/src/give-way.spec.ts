import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';

import { expect, it } from '@jest/globals';

const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;
const linux = process.platform === 'linux';
/** Those of Linux, and no more: not every kernel gives sessions a priority, and not every machine has the command. */
const hasSessions = existsSync('/proc/self/autogroup');
const hasClasses = linux && spawnSync('chrt', ['--version']).error === undefined;

interface Seen {
  readonly process: number;
  /** Of each thread. */
  readonly nice: readonly number[];
  readonly idle: readonly boolean[];
  readonly session: number | undefined;
}

/** In a process of its own: a priority is not taken back. */
function afterGivingWay(priority: number, { detached }: { readonly detached: boolean }): Seen {
  const program = `
    import { spawn } from 'node:child_process';
    import { existsSync, readdirSync, readFileSync } from 'node:fs';
    import { getPriority } from 'node:os';
    import { giveWay } from ${JSON.stringify(new URL('give-way.ts', import.meta.url).href)};
    giveWay(${priority});
    const threads = existsSync('/proc/self/task') ? readdirSync('/proc/self/task') : [];
    const statOf = (thread) => readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ');
    const group = existsSync('/proc/self/autogroup') ? readFileSync('/proc/self/autogroup', 'utf8') : '';
    console.log(JSON.stringify({
      process: getPriority(),
      nice: threads.map((each) => Number(statOf(each)[16])),
      idle: threads.map((each) => statOf(each)[38] === '5'),
      session: / nice (-?\\d+)/.test(group) ? Number(/ nice (-?\\d+)/.exec(group)[1]) : undefined,
    }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    // Taken by Node, though its types know it of spawn alone.
    ...({ detached } as object),
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Seen;
}

it('gives way with every thread, those that ran before too', () => {
  const seen = afterGivingWay(PRIORITY_BELOW_NORMAL, { detached: false });
  expect(seen.process).toBe(PRIORITY_BELOW_NORMAL);
  // Threads have a priority each on Linux alone, and are listed there.
  expect(new Set(seen.nice)).toEqual(new Set(linux ? [PRIORITY_BELOW_NORMAL] : []));
  expect(new Set(seen.idle)).toEqual(new Set(linux ? [false] : []));
});

it('takes only what nobody else wants when its priority is the lowest', () => {
  const seen = afterGivingWay(PRIORITY_LOW, { detached: false });
  expect(seen.process).toBe(PRIORITY_LOW);
  expect(new Set(seen.idle)).toEqual(new Set(linux ? [hasClasses] : []));
});

it('gives way as a session when the session is its own, and leaves that of others as it was', () => {
  const own = afterGivingWay(PRIORITY_LOW, { detached: true });
  const shared = afterGivingWay(PRIORITY_LOW, { detached: false });
  if (!hasSessions) return;
  expect(own.session).toBe(PRIORITY_LOW);
  expect(shared.session).not.toBe(PRIORITY_LOW);
});
