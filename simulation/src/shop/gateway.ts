import type { ServiceName } from '@instep/contracts';

import type { Ground } from '../ground.ts';
import type { Server } from '../network/network.ts';
import { Life } from '../process/life.ts';
import type { Service } from '../process/service.ts';
import type { ServiceProcess } from '../process/service-process.ts';

/** How long who asks by HTTP waits. Shopify hangs up after five seconds. */
const httpTimeoutMs = 5_000;

/** The way in by HTTP: some process that serves takes the request, if there is one. */
export class Gateway {
  readonly #ground: Ground;
  readonly #services: ReadonlyMap<ServiceName, Service>;
  readonly #world = new Life('the world outside');

  constructor(ground: Ground, services: ReadonlyMap<ServiceName, Service>) {
    this.#ground = ground;
    this.#services = services;
  }

  ask<T>(name: ServiceName, what: string, handle: (process: ServiceProcess) => Promise<T>): Promise<T> {
    const serving = this.#services.get(name)?.serving ?? [];
    const process = serving[this.#ground.random.below(serving.length)];
    const server: Server = {
      name,
      up: process !== undefined && !process.life.dead,
      incarnation: 1,
      timeoutMs: httpTimeoutMs,
      unavailable: (why) => new Error(why),
    };
    return this.#ground.network.call(this.#world, server, { name: what, client: 'outside', waits: true }, () =>
      process ? process.life.inside(() => handle(process)) : Promise.reject(new Error(`no process of ${name} serves`)),
    );
  }
}
