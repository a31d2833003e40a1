export { describeStore, type MakeStore, type StoreUnderTest } from './describe-store.ts';
export { conformanceTables, refusedByConformance } from './conformance-tables.ts';
