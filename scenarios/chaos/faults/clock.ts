import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serviceNames } from '@instep/contracts';

import type { Fault } from '../run/fault.ts';

const preload = new URL('../clock/shift-clock.mjs', import.meta.url).href;
const hour = 3_600_000;
/** Each with its own idea of the time, and every one jumps. */
const jumps = [hour, -hour, 10 * 60_000, -10 * 60_000, 500, 0] as const;
const betweenSeconds = 3;

export const clocksJump: Fault = {
  id: 'clocks',
  title: 'clocks of all services jump, up to an hour apart',
  ground: 'one-broker',
  untimed: true,
  // Effects carry the time of another clock than their causes.
  leaves: ['cause-later'],
  run: async (scene) => {
    const fileOf = (name: string): string => join(tmpdir(), `instep-clock-${String(process.pid)}-${name}`);
    for (const name of serviceNames) {
      writeFileSync(fileOf(name), '0');
      await scene.supervisor.restart(name, { NODE_OPTIONS: `--import ${preload}`, CHAOS_CLOCK_FILE: fileOf(name) });
    }
    await Promise.all(serviceNames.map((name) => scene.company.system.service(name).ready()));
    for (let round = 0; round < jumps.length; round += 1) {
      serviceNames.forEach((name, at) => writeFileSync(fileOf(name), String(jumps[(round + at) % jumps.length])));
      await scene.seconds(betweenSeconds);
    }
    for (const name of serviceNames) writeFileSync(fileOf(name), '0');
    await scene.seconds(1);
    for (const name of serviceNames) await scene.supervisor.restart(name);
  },
};
