import type { Mutation } from '../mutation.ts';
import { deciding } from './domain.ts';
import { reading } from './reading.ts';
import { rebuilding } from './rebuilding.ts';
import { relaying } from './relay.ts';
import { requests } from './requests.ts';
import { storing } from './storing.ts';
import { versioning } from './versions.ts';

/** Every defect that the simulation must find, and a few that the design promises to bear. */
export const mutations: readonly Mutation[] = [...reading, ...relaying, ...storing, ...requests, ...versioning, ...rebuilding, ...deciding];

/** Throws an Error that lists the names when there is none of this name. */
export function mutationNamed(name: string): Mutation {
  const found = mutations.find((mutation) => mutation.name === name);
  if (found) return found;
  throw new Error(`There is no mutation "${name}". Known are: ${mutations.map((mutation) => mutation.name).join(', ')}.`);
}
