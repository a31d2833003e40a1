export type ViolationCode = 'contract/not-an-event' | 'contract/unknown-type' | 'contract/unknown-version' | 'contract/invalid-data';

export interface ViolationPath {
  readonly path: string;
  readonly message: string;
}

/** Something does not have the shape that its contract says. Never retried: the same bytes fail again. */
export class ContractViolation extends Error {
  readonly transient = false;
  readonly code: ViolationCode;
  /** Where in the data and what: at most ten. */
  readonly paths: readonly ViolationPath[];

  constructor(code: ViolationCode, message: string, paths: readonly ViolationPath[] = []) {
    super(message);
    this.code = code;
    this.paths = paths;
  }
}
