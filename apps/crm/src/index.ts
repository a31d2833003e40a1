export { compose } from './compose.ts';
export { service } from './crm.module.ts';
