export type {
  Evidence,
  Invariant,
  ItemEvidence,
  OrderEvidence,
  RequestEvidence,
  ServiceEvidence,
  StepInvariant,
  Violation,
  WorldResult,
} from './evidence.ts';
export { simulate } from './command/simulate.ts';
export { runWorld, type WorldSettings } from './world.ts';
