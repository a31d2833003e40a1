import { setTimeout as pause } from 'node:timers/promises';

import { startPostgres, type Postgres } from '@instep/embedded-postgres';

import { allGone, childrenOf, signalAll } from './processes.ts';

/** A PostgreSQL server that can be killed, frozen and started again on its port. */
export interface DatabaseServer {
  readonly port: number;
  readonly running: boolean;
  /** kill -9 of the server and all its sessions, as when the machine goes down. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  start(): Promise<void>;
  /** All databases as they are in the file system: for a copy while it is stopped. */
  readonly folder: string;
  stop(): Promise<void>;
}

const startAttempts = 20;
const betweenAttemptsMs = 500;

export async function startDatabaseServer(options: { readonly dataDir: string; readonly logFile: string }): Promise<DatabaseServer> {
  let server = await startPostgres({ ...options, durable: false });
  const { port } = server;
  let running = true;
  const watch = (started: Postgres): void => {
    running = true;
    void started.exited.then(() => {
      if (server === started) running = false;
    });
  };
  watch(server);
  const all = (): readonly number[] => [server.pid, ...childrenOf(server.pid)];
  return {
    port,
    folder: options.dataDir,
    get running() {
      return running;
    },
    kill: async () => {
      const pids = all();
      signalAll(pids, 'SIGKILL');
      await server.exited;
      await allGone(pids);
    },
    freeze: () => signalAll(all(), 'SIGSTOP'),
    thaw: () => signalAll(all(), 'SIGCONT'),
    start: async () => {
      if (running) return;
      // The memory that the killed one shared with its sessions is given back a moment later.
      for (let attempt = 1; ; attempt += 1) {
        try {
          server = await startPostgres({ ...options, port, durable: false });
          watch(server);
          return;
        } catch (error) {
          if (attempt === startAttempts) throw error;
          await pause(betweenAttemptsMs);
        }
      }
    },
    stop: async () => {
      signalAll(all(), 'SIGCONT');
      await server.stop();
    },
  };
}
