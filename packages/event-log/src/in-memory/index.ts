export { inMemoryLog, type InMemoryLog, type InMemoryLogSettings } from './in-memory-log.ts';
export type { Scheduler } from './scheduler.ts';
