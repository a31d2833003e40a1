export { compose } from './compose.ts';
export { service } from './connectors.module.ts';
