import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Lets whatever else runs on the machine come first: for work that may take its time, in this process or another one. `priority` is one of
 * `os.constants.priority`; `PRIORITY_LOW` takes only what nobody else wants.
 *
 * Linux needs three words for that (ADR 0063). Each thread has a priority of its own and takes over that of the thread that starts it, and
 * those that collect garbage and wait for disks run already when the first line of a program does. A thread that wakes up waits for one that is
 * running at the lowest priority, for some milliseconds, but not for one of the idle class. And priorities count only among the processes of
 * one session, each session having its own: so who is to give way to others should be started in a session of its own (`detached`).
 */
export function giveWay(priority: number, pid: number = process.pid): void {
  for (const thread of [pid, ...threadsOf(pid)]) {
    try {
      setPriority(thread, priority);
    } catch (error) {
      // It has ended meanwhile.
      if ((error as { readonly info?: { readonly code?: unknown } }).info?.code !== 'ESRCH') throw error;
    }
  }
  if (process.platform !== 'linux') return;
  if (priority === constants.priority.PRIORITY_LOW) spawnSync('chrt', ['-a', '-i', '-p', '0', String(pid)], { stdio: 'ignore' });
  if (leadsItsSession(pid)) giveWayAsSession(priority, pid);
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** Else the priority of the session is that of others too: of a shell, say, and all that it starts. */
function leadsItsSession(pid: number): boolean {
  try {
    const [, , , session] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(session) === pid;
  } catch {
    return false;
  }
}

/** Not every kernel has it, and a container has its share of the processors by other means. */
function giveWayAsSession(priority: number, pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    return;
  }
}
