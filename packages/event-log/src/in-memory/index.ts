export { inMemoryLog, type InMemoryLog, type InMemoryLogSettings } from './in-memory-log.ts';
export { wallClock, type Scheduler } from './scheduler.ts';
