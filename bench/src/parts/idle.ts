import { setTimeout as pause } from 'node:timers/promises';

import { used, type Meter } from '../figures/meter.ts';
import { figure, textTable } from '../figures/text-table.ts';

/** What the system costs while nothing happens, in % of one core; `leaveOut` are processes of the bench itself. */
export async function idleTable(meter: Meter, idleSeconds: number, leaveOut: readonly string[]): Promise<string> {
  const before = await meter.snapshot();
  const begun = performance.now();
  await pause(idleSeconds * 1_000);
  const after = await meter.snapshot();
  const lasted = (performance.now() - begun) / 1_000;
  const shares = [...used(before.processes, after.processes)]
    .filter(([name]) => !leaveOut.includes(name))
    .map(([name, cpu]) => [name, (cpu * 100) / lasted] as const);
  const all = shares.reduce((sum, [, share]) => sum + share, 0);
  const rows = [...shares, ['all', all] as const].map(([name, share]) => [name, `${figure(share)} %`]);
  return textTable(['idle', 'of one core'], rows);
}
