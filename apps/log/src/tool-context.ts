import type { Ground } from './ground.ts';
import type { Output } from './output/output.ts';
import type { Progress } from './output/progress.ts';

/** What every verb gets beside its own options. */
export interface ToolContext {
  readonly ground: Ground;
  readonly output: Output;
  /** Aborted when the tool is asked to end. */
  readonly signal: AbortSignal;
  /** A bar for long work, where somebody sees it. */
  progress(what: string): Progress;
  /** Milliseconds since 1970. */
  now(): number;
  /** Asks on the terminal; false where nobody can answer. */
  ask(question: string): Promise<boolean>;
}
