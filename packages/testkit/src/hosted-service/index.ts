export type { FreshSchema } from './fresh-schema.ts';
export { freshSchema } from './fresh-schema.ts';
export type { Answer, Requests } from './requests.ts';
export { requestsOf } from './requests.ts';
export type { ServiceInMemory } from './service-in-memory.ts';
export { serviceInMemory } from './service-in-memory.ts';
export type { ServiceOnPostgres } from './service-on-postgres.ts';
export { serviceOnPostgres } from './service-on-postgres.ts';
