export interface RowFacts<Facts> {
  /** The facts that a row holds. */
  read(row: { readonly facts: string }): Facts;
  /** A row with these facts as JSON text. */
  write<Rest extends object>(rest: Rest, facts: Facts): Rest & { readonly facts: string };
}

/**
 * Facts kept as JSON text in the column `facts` of a view, since nobody queries inside. Parsed once per row: what a fold has just
 * written is not parsed again by the reaction that reads it.
 */
export function rowFacts<Facts extends object>(): RowFacts<Facts> {
  const known = new WeakMap<object, Facts>();
  return {
    read(row) {
      const found = known.get(row) ?? (JSON.parse(row.facts) as Facts);
      known.set(row, found);
      return found;
    },
    write(rest, facts) {
      const row = { ...rest, facts: JSON.stringify(facts) };
      known.set(row, facts);
      return row;
    },
  };
}
