export { compose } from './compose.ts';
export { service } from './order-intake.module.ts';
