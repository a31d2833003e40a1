import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

export type GuardedOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** Asks the process to end in good order. Default SIGTERM. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** When this process is gone: so many whole seconds pass before the program is asked to end. Default 0. */
  readonly lingerSeconds?: number;
  readonly uid?: number;
  readonly gid?: number;
};

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type GuardedProcess = {
  readonly pid: number;
  /** Resolves once the process has ended, whatever the reason. */
  readonly exited: Promise<Exit>;
  readonly running: boolean;
  signal(signal: NodeJS.Signals): void;
  /** Sends the stop signal, and SIGKILL to what is left after `graceMs`. Safe to call twice. */
  stop(graceMs: number): Promise<Exit>;
};

/*
 * Started as: sh -c <this> sh <stop signal> <linger> <command> <args...>, with a pipe from us as file 3. The inner shell is not
 * a child of the command (a PostgreSQL server counts its children) and lives in the command's own session, so a Ctrl-C
 * on the terminal or a kill of our process group reaches neither. It reads the pipe: "done" is written when the command
 * has ended; end of file without it means that we are gone, even by kill -9, and the command must go too.
 * A shell, because prctl and setpriv are Linux only and the signal they set is lost when a program changes its user.
 */
const guard = `
target=$$; stop=$1; linger=$2; shift 2
( (
  trap '' INT TERM HUP
  read -r word; [ "$word" = done ] && exit 0
  sleep "$linger"; kill -"$stop" "$target"; n=0
  while kill -0 "$target" && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
  kill -KILL "$target"
) <&3 3<&- >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
`;

/**
 * Starts a program that does not outlive this process: also when this process is killed, the program is asked to end,
 * and killed 10 s later. On Windows the program is started as it is and may be left behind by a hard kill.
 * Errors: the system's, when the program cannot be started.
 */
export async function spawnGuarded(options: GuardedOptions): Promise<GuardedProcess> {
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const guarded = process.platform !== 'win32';
  const [command, args] = guarded
    ? ['/bin/sh', ['-c', guard, 'sh', stopSignal.slice(3), String(options.lingerSeconds ?? 0), options.command, ...options.args]]
    : [options.command, options.args];
  const child = spawn(command, args, {
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.uid !== undefined && { uid: options.uid }),
    ...(options.gid !== undefined && { gid: options.gid }),
    stdio: ['ignore', log, log, guarded ? 'pipe' : 'ignore'],
    detached: guarded,
  });
  closeSync(log);
  const pid = await started(child);
  const exited = ended(child);
  return {
    pid,
    exited,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    signal: (signal) => void child.kill(signal),
    stop: async (graceMs) => {
      child.kill(stopSignal);
      const giveUp = new AbortController();
      const late = pause(graceMs, 'late' as const, { signal: giveUp.signal }).catch(() => 'late' as const);
      const first = await Promise.race([exited, late]);
      giveUp.abort();
      if (first === 'late') child.kill('SIGKILL');
      return exited;
    },
  };
}

function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? -1));
  });
}

function ended(child: ChildProcess): Promise<Exit> {
  const line = child.stdio[3] as Writable | null | undefined;
  line?.on('error', () => undefined); // the watcher may be gone already; then there is nobody to tell
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      line?.end('done\n');
      resolve({ code, signal });
    });
  });
}
