import { randomUUID } from 'node:crypto';

import type { TestHost } from '@instep/service-host';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

export interface Requests {
  get<Body>(path: string): Promise<Answer<Body>>;
  /** `key`: the idempotency key; a new one when absent, none when null. */
  send<Body>(method: 'POST' | 'PATCH', path: string, payload: object, key?: string | null): Promise<Answer<Body>>;
}

/** Requests of tenant `demo` through all of HTTP but the socket. */
export function requestsOf(host: TestHost): Requests {
  return {
    async get<Body>(path: string) {
      const answer = await host.inject({ method: 'GET', url: path, headers: { 'x-tenant': 'demo' } });
      return { status: answer.statusCode, body: answer.json<Body>() };
    },
    async send<Body>(method: 'POST' | 'PATCH', path: string, payload: object, key: string | null = randomUUID()) {
      const headers = { 'x-tenant': 'demo', ...(key !== null && { 'idempotency-key': key }) };
      const answer = await host.inject({ method, url: path, headers, payload });
      return { status: answer.statusCode, body: answer.json<Body>() };
    },
  };
}
