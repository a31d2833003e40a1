import type { TSchema } from 'typebox';

/** What decorators say about a route besides what Nest knows: for the OpenAPI document. */
export interface OperationFacts {
  summary?: string;
  description?: string;
  answer?: TSchema;
  body?: TSchema;
  query?: TSchema;
  paged?: boolean;
  idempotent?: boolean;
  tenant?: boolean;
  rawBody?: boolean;
}

const facts = new WeakMap<object, Map<string | symbol, OperationFacts>>();

/** Facts of the method `name` of a controller with this prototype, to be added to. */
export function factsOf(prototype: object, name: string | symbol): OperationFacts {
  const ofController = facts.get(prototype) ?? new Map<string | symbol, OperationFacts>();
  facts.set(prototype, ofController);
  const known = ofController.get(name) ?? {};
  ofController.set(name, known);
  return known;
}
