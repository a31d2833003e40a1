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
