export { brokerRights, principalOf } from './broker-rights.ts';
export { accessOf, type Access } from './access-of.ts';
export { rightsOf, type Right, type Operation } from './rights-of.ts';
