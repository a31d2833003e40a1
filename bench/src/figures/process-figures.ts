import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc: 100 a second on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU seconds that a process and its ended children used so far; NaN where the system does not tell (no /proc, or it has ended). */
export function cpuSeconds(pid: number): number {
  const fields = fieldsOf(`/proc/${String(pid)}/stat`);
  // utime, stime, cutime, cstime: fields 14 to 17, of which the first three are cut off here
  return fields ? fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond : Number.NaN;
}

/** CPU seconds of the main thread so far: without those that compile and collect garbage beside it. */
export function mainThreadSeconds(pid: number): number {
  const fields = fieldsOf(`/proc/${String(pid)}/task/${String(pid)}/stat`);
  return fields ? (Number(fields[11]) + Number(fields[12])) / ticksPerSecond : Number.NaN;
}

/** The process and its living children, such as the sessions of a database server. */
export function treeOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid)];
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((other) => Number.isInteger(other) && Number(fieldsOf(`/proc/${String(other)}/stat`)?.[1]) === pid);
  } catch {
    return [];
  }
}

/** Of one process alone, its highest so far, in MB. */
export function peakMemoryMb(pid: number): number {
  return inMb(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${String(pid)}/status`))?.[1]);
}

/** Memory now in MB, with what processes share counted once among them. */
export function sharedOutMemoryMb(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (inMb(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${String(pid)}/smaps_rollup`))?.[1]) || 0), 0);
}

function inMb(kilobytes: string | undefined): number {
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1_024;
}

/** From the state on: a name in parentheses, which may hold anything, comes before. */
function fieldsOf(file: string): readonly string[] | undefined {
  const text = read(file);
  return text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
