import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { System } from '@instep/platform';

import { figure, textTable } from '../figures/text-table.ts';
import { causes, sharesOf, type Cause } from './causes.ts';

const deadlineMs = 20_000;
/** Starting to sample costs a moment, which is not to be measured. */
const settleMs = 1_000;

export type Shares = ReadonlyMap<string, ReadonlyMap<Cause, number>>;

/** Environment of services that can be profiled; their raw profiles go into the folder, which is emptied now. */
export function profilable(folder: string): NodeJS.ProcessEnv {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sampler = new URL('../../dist/profile/sampler.js', import.meta.url);
  return { NODE_OPTIONS: `--import=${sampler.href}`, BENCH_PROFILES: folder };
}

/** Where the CPU of the services goes while `work` runs: shares by cause, by service. */
export async function profiled(system: System, folder: string, work: () => Promise<void>): Promise<Shares> {
  const toggle = (): void => {
    for (const service of system.services) service.signal('SIGUSR2');
  };
  toggle();
  await pause(settleMs);
  await work();
  toggle();
  const shares = system.services.map(async ({ name }) => [name, sharesOf(await profileIn(join(folder, `${name}.cpuprofile`)))] as const);
  return new Map(await Promise.all(shares));
}

async function profileIn(file: string): Promise<Profiler.Profile> {
  const deadline = Date.now() + deadlineMs;
  while (!existsSync(file)) {
    if (Date.now() > deadline) throw new Error(`no profile came: ${file}`);
    await pause(50);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile;
}

/** CPU milliseconds per order by process and cause: what the main thread of each used, dealt out as its samples say. */
export function causeTable(shares: Shares, cpuPerOrder: ReadonlyMap<string, { readonly all: number; readonly main: number }>): string {
  const names = [...shares.keys()];
  const row = (what: string, of: (name: string) => number): string[] => {
    const values = names.map(of);
    return [what, ...values.map(figure), figure(values.reduce((sum, each) => sum + each, 0))];
  };
  const cpu = (name: string): { readonly all: number; readonly main: number } => cpuPerOrder.get(name) ?? { all: 0, main: 0 };
  return textTable(
    ['CPU ms/order', ...names, 'all'],
    [
      ...causes.map((cause) => row(cause, (name) => (shares.get(name)?.get(cause) ?? 0) * cpu(name).main)),
      row('other threads: compiling, garbage', (name) => cpu(name).all - cpu(name).main),
      row('all', (name) => cpu(name).all),
    ],
  );
}
