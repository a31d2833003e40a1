/** One place of the source text that is written differently. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A defect that somebody could write, planted into the source text while it is loaded: production code holds no switches. */
export interface Mutation {
  /** As on the command line: kebab-case. */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly meaning: string;
  readonly edits: readonly Edit[];
  /** How many worlds may pass until it is found; `never` when the design promises that it does no harm. */
  readonly within: number | 'never';
}

/** The source text is no longer what a mutation expects: the table must follow the code. */
class MutationOutdated extends Error {
  readonly code = 'mutation/outdated';
}

/** The text of `edit.file` with the defect in it. Throws MutationOutdated unless the place is there exactly once. */
export function mutate(source: string, edit: Edit): string {
  const pieces = source.split(edit.find);
  const [before, after] = pieces;
  if (before === undefined || after === undefined || pieces.length !== 2) {
    throw new MutationOutdated(
      `${edit.file} has the place to be mutated ${String(pieces.length - 1)} times instead of once:\n${edit.find}`,
    );
  }
  return before + edit.replace + after;
}
