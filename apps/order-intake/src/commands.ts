/** What can be asked of order intake, for those that ask without HTTP. */
export type { DirectOrder } from './application/direct-order.ts';
export { directOrder, idOfRequest } from './application/direct-order.ts';
export { cancelOrder } from './domain/order/cancel-order.ts';
export { payOrder } from './domain/order/pay-order.ts';
export { placeOrder } from './domain/order/place-order.ts';
export { shipOrder } from './domain/order/ship-order.ts';
