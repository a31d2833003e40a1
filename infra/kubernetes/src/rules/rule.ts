import type { Manifest } from '../manifest.ts';

/** One demand on a set of manifests that is applied together. */
export interface Rule {
  readonly name: string;
  /** What is wrong, one sentence each, with the object's name. Empty when all is well. */
  check(manifests: readonly Manifest[]): readonly string[];
}
