import { conformanceTables, describeStore, refusedByConformance } from '../conformance/index.ts';
import { inMemoryStore } from './in-memory-store.ts';

describeStore('the store in memory', async () => {
  const store = inMemoryStore({ tables: conformanceTables, refuse: refusedByConformance });
  return { store, loseLease: async () => store.loseLease(), close: async () => {} };
});
