/** What some work took. Seconds. */
export interface Timed {
  readonly wall: number;
  /** Of this process, on all cores. */
  readonly cpu: number;
  /** Of `cpu`, on the thread that runs JavaScript: no other core takes it off it. */
  readonly main: number;
}

export async function timed(work: () => Promise<void>): Promise<Timed> {
  const cpu = process.cpuUsage();
  const main = process.threadCpuUsage();
  const begun = performance.now();
  await work();
  return { wall: (performance.now() - begun) / 1000, cpu: seconds(process.cpuUsage(cpu)), main: seconds(process.threadCpuUsage(main)) };
}

function seconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000_000;
}

export function inMs({ wall, cpu }: Timed): string {
  return `${(wall * 1000).toFixed(0)} ms (${(cpu * 1000).toFixed(0)} ms of CPU)`;
}

export function perSecond(count: number, { wall, cpu }: Timed): string {
  return `${rate(count, wall)} (${each(count, cpu)} µs of CPU each)`;
}

/** With the part of the main thread: what goes beyond it can be done on another core. */
export function perSecondApart(count: number, { wall, cpu, main }: Timed): string {
  return `${rate(count, wall)} (${each(count, cpu)} µs of CPU each, ${each(count, main)} of them on the main thread)`;
}

function rate(count: number, wall: number): string {
  return `${Math.round(count / wall).toLocaleString('en-US')}/s`;
}

function each(count: number, seconds: number): string {
  return ((seconds / count) * 1_000_000).toFixed(1);
}
