export { compose } from './compose.ts';
export { service } from './finance.module.ts';
