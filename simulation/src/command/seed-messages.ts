import type { WorldResult } from '../evidence.ts';
import type { Variant } from './variant.ts';

/** To a process that runs worlds. */
export interface SeedAsked {
  readonly seed: number;
  readonly variant: Variant;
  /** Keeps every line of the trace, not only the last ones. */
  readonly wholeTrace: boolean;
}

/** From it. */
export type SeedAnswered =
  | { readonly kind: 'ready' }
  | { readonly kind: 'world'; readonly result: WorldResult; readonly ms: number }
  /** The world could not be run at all. */
  | { readonly kind: 'failed'; readonly reason: string };
