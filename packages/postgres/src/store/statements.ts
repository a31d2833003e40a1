import { createHash } from 'node:crypto';

/** Each named statement costs memory in every session. Real traffic has some dozens of shapes; beyond this they go without a name. */
const MOST_NAMED = 256;

export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** SQL by shape: built once, parsed and planned once per session under its name. */
export class Statements {
  readonly #byShape = new Map<string, Statement>();

  of(shape: string, build: () => string): Statement {
    const known = this.#byShape.get(shape);
    if (known) return known;
    const text = build();
    if (this.#byShape.size >= MOST_NAMED) return { text };
    const statement = named(text);
    this.#byShape.set(shape, statement);
    return statement;
  }
}

/** The name says the content, so that stores which share a pool agree. */
export function named(text: string): Statement {
  return { name: `s_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text };
}
