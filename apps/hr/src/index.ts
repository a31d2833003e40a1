export { compose } from './compose.ts';
export { service } from './hr.module.ts';
