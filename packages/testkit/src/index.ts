export type { Decisions } from './decision.ts';
export { decisions } from './decision.ts';
