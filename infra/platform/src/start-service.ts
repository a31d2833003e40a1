import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@instep/contracts';
import { logLength, logSince, PlatformFault, spawnGuarded, type Exit } from '@instep/local-process';
import { repository } from './repository.ts';

export type ServiceOptions = {
  readonly name: ServiceName;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly logFile: string;
  /** Over this process's own environment. */
  readonly environment?: NodeJS.ProcessEnv;
};

export type Service = {
  readonly name: ServiceName;
  readonly url: string;
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  readonly running: boolean;
  /** Resolves when `/health/ready` answers 200. Errors: `platform/service-failed` when it ends or stays unready. */
  ready(timeoutMs?: number): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after 15 s. Safe to call twice. */
  stop(): Promise<Exit>;
};

/**
 * A service's live heap is about 50 MB; left alone, V8 lets the young generation alone grow to 128 MB. Stacks name TypeScript lines by the
 * source maps of our own code only: those of all packages cost 26 MB of text. kafkajs asks for negative timeouts, which newer Nodes warn about.
 */
const nodeOptions = [
  '--max-semi-space-size=8',
  '--disable-warning=TimeoutNegativeWarning',
  '--import',
  `data:text/javascript,import { setSourceMapsSupport } from 'node:module'; setSourceMapsSupport(true, { nodeModules: false });`,
];

const stopGraceMs = 15_000;
const readyDeadlineMs = 60_000;

/** Starts one built service (`apps/<name>/dist/main.js`) as a process of its own that ends with this one. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, port, logFile } = options;
  const logStart = logLength(logFile);
  const child = await spawnGuarded({
    command: process.execPath,
    args: [...nodeOptions, join(repository, 'apps', name, 'dist', 'main.js')],
    env: {
      ...inherited(),
      // glibc keeps freed memory per arena; two are enough for a process that computes on one thread.
      MALLOC_ARENA_MAX: '2',
      INSTEP_CREATE_TOPICS: 'true',
      INSTEP_DEFAULT_TENANT: 'demo',
      ...options.environment,
      HOST: '127.0.0.1',
      PORT: String(port),
      KAFKA_BROKERS: options.brokers,
      DATABASE_URL: options.databaseUrl,
    },
    cwd: join(repository, 'apps', name),
    logFile,
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    name,
    url,
    pid: child.pid,
    logFile,
    exited: child.exited,
    get running() {
      return child.running;
    },
    ready: async (timeoutMs = readyDeadlineMs) => {
      const deadline = Date.now() + timeoutMs;
      while (!(await answersReady(url))) {
        if (!child.running) throw serviceFault(`${name} ended while it started`, logFile, logStart);
        if (Date.now() > deadline) throw serviceFault(`${name} was not ready after ${timeoutMs / 1000} s`, logFile, logStart);
        await pause(50);
      }
    },
    signal: (signal) => child.signal(signal),
    stop: () => child.stop(stopGraceMs),
  };
}

/** Without what is meant for this process: its own Node options, npm's variables, the ports of the whole system. */
function inherited(): NodeJS.ProcessEnv {
  const ours = /^npm_|^NODE_OPTIONS$|^INSTEP_(?:\w+_PORT|SERVICE_NODE_OPTIONS|SEED)$/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(kept), NODE_OPTIONS: process.env['INSTEP_SERVICE_NODE_OPTIONS'] ?? '' };
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // not listening yet
  }
}

function serviceFault(what: string, logFile: string, logStart: number): PlatformFault {
  const last = logSince(logFile, logStart).trimEnd().split('\n').at(-1) ?? '';
  return new PlatformFault('platform/service-failed', `${what}: ${spoken(last).slice(0, 300)} (all of it: ${logFile})`);
}

/** Of a line of the log what a person reads first; any other line as it is. */
function spoken(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter((part) => part !== undefined).join(': ');
  } catch {
    return line;
  }
}
