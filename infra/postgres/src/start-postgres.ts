import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  claimPidFile,
  freePort,
  logLength,
  logSince,
  PlatformFault,
  requireFreePort,
  spawnGuarded,
  type Exit,
  type GuardedProcess,
} from '@instep/local-process';
import { createDatabase } from './create-database.ts';
import { serverFiles } from './server-files.ts';
import { serverSettings } from './server-settings.ts';
import { unprivileged, type Unprivileged } from './unprivileged.ts';

const run = promisify(execFile);

export type PostgresOptions = {
  /** Kept between runs; made when missing. */
  readonly dataDir: string;
  /** Of 127.0.0.1; a free one when absent. */
  readonly port?: number;
  readonly logFile: string;
  /** True: a commit survives a power cut (fsync). False: only a kill of the server; for tests. Default true. */
  readonly durable?: boolean;
  /** Server settings over ours. */
  readonly settings?: Readonly<Record<string, string | number>>;
};

export type Postgres = {
  readonly port: number;
  readonly pid: number;
  /** Connection address of the database `postgres`; its user is the superuser, without a password, on 127.0.0.1 only. */
  readonly url: string;
  /** Resolves when the server has ended, asked to or not. */
  readonly exited: Promise<Exit>;
  /** Makes a database when it is missing and gives its address. */
  createDatabase(name: string): Promise<string>;
  /** Disconnects everybody and ends in good order; after 15 s it is killed (data survives that). Safe to call twice. */
  stop(): Promise<void>;
};

const startDeadlineMs = 60_000;
const stopGraceMs = 15_000;

/**
 * Starts PostgreSQL on 127.0.0.1 and resolves when it serves. The server ends with this process, however that ends.
 * Errors: `PlatformFault`, each with one sentence for the user: no binaries for this machine, port taken, already
 * running on this folder, disk full.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dataDir, logFile, durable = true } = options;
  const bin = join(serverFiles(), 'bin');
  const as = await unprivileged();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const claim = await claimPidFile(join(dataDir, 'instep.pid'), 'PostgreSQL');
  try {
    const port = options.port ?? (await freePort());
    await requireFreePort(port, 'PostgreSQL', 'stop what uses it or choose another');
    const cluster = join(dataDir, 'cluster');
    // We hold the claim, so no server runs here; its own pid file may still name a number that is somebody else's now.
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    await initialise(bin, cluster, as);

    const settings = { ...serverSettings(port, durable), ...options.settings };
    const server = await serve(bin, cluster, settings, logFile, as);
    claim.record(server.pid);
    void server.exited.then(() => claim.release());
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    return {
      port,
      pid: server.pid,
      url,
      exited: server.exited,
      createDatabase: (name) => createDatabase(url, name),
      stop: async () => {
        await server.stop(stopGraceMs);
      },
    };
  } catch (error) {
    claim.release();
    throw error;
  }
}

function environment(): NodeJS.ProcessEnv {
  // PG* of the user's shell would steer the server.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC' };
}

async function initialise(bin: string, cluster: string, as: Unprivileged): Promise<void> {
  if (existsSync(join(cluster, 'PG_VERSION'))) return;
  rmSync(cluster, { recursive: true, force: true }); // what an interrupted first start left
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  as.own(join(cluster, '..'));
  const args = ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
  const initdb = as.wrap(join(bin, 'initdb'), args);
  try {
    await run(initdb.command, [...initdb.args], { env: environment(), ...as.identity });
  } catch (cause) {
    rmSync(cluster, { recursive: true, force: true });
    throw databaseFault(String((cause as { stderr?: string }).stderr ?? cause), 'its output above', cause);
  }
}

async function serve(
  bin: string,
  cluster: string,
  settings: Record<string, string | number>,
  logFile: string,
  as: Unprivileged,
): Promise<GuardedProcess> {
  const from = logLength(logFile);
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = await spawnGuarded({
    ...as.wrap(join(bin, 'postgres'), ['-D', cluster, ...flags]),
    ...as.identity,
    env: environment(),
    logFile,
    lingerSeconds: 2, // what uses it, and goes down with us too, ends sooner while it is there
    stopSignal: 'SIGINT', // "fast": disconnects clients; SIGTERM would wait for them
  });
  const deadline = Date.now() + startDeadlineMs;
  while (!isReady(cluster)) {
    if (!server.running) throw databaseFault(logSince(logFile, from), logFile);
    if (Date.now() > deadline) {
      await server.stop(0);
      throw new PlatformFault('platform/database-failed', `PostgreSQL was not up after ${startDeadlineMs / 1000} s: see ${logFile}.`);
    }
    await pause(10);
  }
  return server;
}

/** The eighth line of the server's own pid file is its state. */
function isReady(cluster: string): boolean {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim() === 'ready';
  } catch {
    return false; // not written yet
  }
}

function databaseFault(log: string, where: string, cause?: unknown): PlatformFault {
  if (/No space left on device/.test(log)) {
    return new PlatformFault('platform/disk-full', 'The disk is full: make room for PostgreSQL, then start again.', cause);
  }
  if (/Address already in use/.test(log)) {
    return new PlatformFault(
      'platform/port-taken',
      'The port of PostgreSQL was taken while it started: start again, or choose another.',
      cause,
    );
  }
  const reason = /(?:FATAL|PANIC|initdb: error|initdb):\s+(.*)/.exec(log)?.[1];
  return new PlatformFault(
    'platform/database-failed',
    reason === undefined ? `PostgreSQL ended while it started: see ${where}.` : `PostgreSQL could not start: ${reason}`,
    cause,
  );
}
