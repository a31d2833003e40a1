import type { FastifyRequest } from 'fastify';

import { Problem } from './problem.ts';

export interface Caller {
  readonly tenant: string;
  readonly actor: string;
}

/** Who asks. The one place that tokens will replace: until then the headers of a trusted network are believed. */
export type CallerResolver = (request: FastifyRequest) => Caller;

const TENANT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ACTOR = /^[\x21-\x7e]{1,120}$/;

export interface CallerSettings {
  /** For requests without `x-tenant`. */
  readonly defaultTenant: string | undefined;
  /** Those that exist; empty: all. */
  readonly tenants: readonly string[];
}

/** Tenant from `x-tenant`, actor from `x-actor` (`api` when absent). */
export function callerFromHeaders({ defaultTenant, tenants }: CallerSettings): CallerResolver {
  return ({ headers }) => {
    const tenant = single(headers['x-tenant']) ?? defaultTenant;
    if (tenant === undefined)
      throw new Problem(400, 'request/tenant-missing', 'The header x-tenant says for which company this is; it is missing.');
    if (!TENANT.test(tenant))
      throw new Problem(400, 'request/tenant-invalid', 'A tenant is small letters, digits and hyphens, 63 at most.');
    if (tenants.length > 0 && !tenants.includes(tenant))
      throw new Problem(403, 'request/tenant-unknown', `There is no tenant "${tenant}" here.`);
    const actor = single(headers['x-actor']) ?? 'api';
    if (!ACTOR.test(actor)) throw new Problem(400, 'request/actor-invalid', 'The header x-actor takes up to 120 visible characters.');
    return { tenant, actor };
  };
}

export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

declare module 'fastify' {
  interface FastifyInstance {
    resolveCaller: CallerResolver;
  }
}
