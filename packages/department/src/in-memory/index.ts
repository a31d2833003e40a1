export { inMemoryStore, type InMemoryStore, type InMemoryStoreSettings } from './in-memory-store.ts';
