import { journalLineSchema } from './journal-line.schema.ts';
import { CreateLedger1790000000000 } from './migrations/1790000000000-create-ledger.ts';
import { FindRecentJournals1795620000000 } from './migrations/1795620000000-find-recent-journals.ts';
import { NumberJournals1795634000000 } from './migrations/1795634000000-number-journals.ts';
import { orderFactsSchema } from './order-facts.schema.ts';

export const entities = [orderFactsSchema, journalLineSchema];
export const migrations = [CreateLedger1790000000000, FindRecentJournals1795620000000, NumberJournals1795634000000];
export { invariants } from './invariants.ts';
