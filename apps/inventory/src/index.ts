export { compose } from './compose.ts';
export { service } from './inventory.module.ts';
export type { Books } from './domain/stock-account.ts';
export { stockFaults } from './domain/stock-account.ts';
