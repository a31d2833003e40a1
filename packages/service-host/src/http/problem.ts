import type { Refusal } from '@instep/decider';

export interface ProblemExtras {
  readonly paths?: readonly { readonly path: string; readonly message: string }[];
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

/** Thrown by a controller to answer with a problem document (RFC 9457). `code` is stable; `detail` is a sentence for a person. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly extras: ProblemExtras;

  constructor(status: number, code: string, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extras = extras;
  }
}

/** A command said no. Its status comes from the service's table. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** HTTP status per refusal code of a service. What is not listed is 422. */
export type RefusalStatuses = Readonly<Record<string, number>>;

/** The value, or a 404 with this code and sentence when there is none. */
export function found<Value>(value: Value | null | undefined, code: string, detail: string): Value {
  if (value === null || value === undefined) throw new Problem(404, code, detail);
  return value;
}
