import type { Edit, Mutation } from './mutation.ts';

const plantedEdits = new Set<Edit>();

export function markPlanted(edit: Edit): void {
  plantedEdits.add(edit);
}

/** Places of the defect that this process has not loaded (yet). */
export function notPlanted({ edits }: Mutation): readonly Edit[] {
  return edits.filter((edit) => !plantedEdits.has(edit));
}
