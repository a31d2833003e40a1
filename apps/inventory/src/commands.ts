/** What can be asked of inventory, for those that ask without HTTP. */
export { adjustStock } from './application/adjust-stock.ts';
export { receiveStock } from './application/receive-stock.ts';
export { registerItem } from './application/register-item.ts';
