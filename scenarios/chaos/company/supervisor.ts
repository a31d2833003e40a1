import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { serviceNames, type ServiceName } from '@instep/contracts';
import type { System } from '@instep/platform';

export interface Death {
  readonly service: ServiceName;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By which signal; or its last words, when it ended by itself. */
  readonly exit: string;
  readonly byItself: boolean;
}

/** Brings services back that end, as Kubernetes does, and lets a fault end them on purpose. */
export interface Supervisor {
  readonly deaths: readonly Death[];
  /** kill -9; the supervisor brings it back. */
  kill(name: ServiceName): Promise<void>;
  /** In good order, and up again with `environment` over its usual one. Resolves when it runs, which is before it serves. */
  restart(name: ServiceName, environment?: NodeJS.ProcessEnv): Promise<void>;
  /** Ends it by the signal and leaves it so until `restart`. */
  takeDown(name: ServiceName, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Nothing is brought back any more. Resolves when nothing is being brought back. */
  leave(): Promise<void>;
}

const restartMs = { first: 200, most: 5_000 };
/** Who dies sooner than this is brought back later the next time. */
const livedLongMs = 5_000;

export function supervise(system: System): Supervisor {
  const deaths: Death[] = [];
  const held = new Set<ServiceName>();
  const starting = new Set<Promise<void>>();
  let left = false;

  const watch = (name: ServiceName, wait: number): void => {
    const service = system.service(name);
    const since = Date.now();
    void service.exited.then(({ code, signal }) => {
      if (left || held.has(name)) return;
      const exit = signal ?? `code ${String(code)}: ${lastWords(service.logFile)}`;
      deaths.push({ service: name, at: Date.now(), exit, byItself: signal === null });
      const next = Date.now() - since > livedLongMs ? restartMs.first : Math.min(restartMs.most, wait * 2);
      const again = bringBack(name, wait, next).finally(() => starting.delete(again));
      starting.add(again);
    });
  };
  const bringBack = async (name: ServiceName, wait: number, next: number): Promise<void> => {
    await pause(wait);
    if (left || held.has(name)) return;
    await system.restart(name);
    watch(name, next);
  };
  for (const name of serviceNames) watch(name, restartMs.first);

  return {
    deaths,
    kill: async (name) => {
      const service = system.service(name);
      service.signal('SIGKILL');
      await service.exited;
    },
    restart: async (name, environment) => {
      held.add(name);
      try {
        await Promise.all(starting);
        await system.service(name).stop();
        await system.restart(name, environment);
        watch(name, restartMs.first);
      } finally {
        held.delete(name);
      }
    },
    takeDown: async (name, signal) => {
      held.add(name);
      await Promise.all(starting);
      system.service(name).signal(signal);
      await system.service(name).exited;
    },
    leave: async () => {
      left = true;
      await Promise.all(starting);
    },
  };
}

/** What a service said last before it gave up. */
function lastWords(logFile: string): string {
  const last = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  try {
    const { msg, err } = JSON.parse(last) as { readonly msg?: string; readonly err?: { readonly message?: string } };
    return [msg, err?.message].filter((part) => part !== undefined).join(': ');
  } catch {
    return last.slice(0, 300);
  }
}
