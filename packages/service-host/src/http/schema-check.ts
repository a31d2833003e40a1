import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

import { Problem } from './problem.ts';

interface Checker {
  Check(value: unknown): boolean;
  Errors(value: unknown): Iterable<{ instancePath: string; message: string }>;
}

const MAX_PATHS = 10;
const checkers = new WeakMap<TSchema, Checker>();

/** Throws `Problem` 400 with the paths that break the schema. The schema is compiled at its first use. */
export function checkSchema(schema: TSchema, value: unknown, code: string, what: string): void {
  const checker = checkerFor(schema);
  if (checker.Check(value)) return;
  const paths = [...checker.Errors(value)].slice(0, MAX_PATHS).map(({ instancePath, message }) => ({ path: instancePath, message }));
  const first = paths[0];
  throw new Problem(400, code, `The ${what} is not as it should be${first ? `: ${first.path || '/'} ${first.message}` : ''}.`, { paths });
}

function checkerFor(schema: TSchema): Checker {
  const known = checkers.get(schema);
  if (known) return known;
  const made = Compile(schema) as unknown as Checker;
  checkers.set(schema, made);
  return made;
}
