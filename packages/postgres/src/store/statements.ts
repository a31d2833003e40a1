import { createHash } from 'node:crypto';

/**
 * A named statement costs about 100 KB in every session and saves about 1 ms each time. Units of work come in many shapes and most of
 * the time in a few: a shape gets a name when it comes again, until there are this many.
 */
const MOST_NAMED = 96;
const USES_BEFORE_NAME = 2;

export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** SQL by shape: built once, and parsed and planned once per session under its name. */
export class Statements {
  readonly #byShape = new Map<string, { statement: Statement; uses: number }>();
  #named = 0;

  of(shape: string, build: () => string): Statement {
    const known = this.#byShape.get(shape) ?? { statement: { text: build() }, uses: 0 };
    this.#byShape.set(shape, known);
    known.uses += 1;
    if (known.statement.name === undefined && known.uses > USES_BEFORE_NAME && this.#named < MOST_NAMED) {
      known.statement = named(known.statement.text);
      this.#named += 1;
    }
    return known.statement;
  }
}

/** The name says the content, so that stores which share a pool agree. */
export function named(text: string): Statement {
  return { name: `s_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text };
}
