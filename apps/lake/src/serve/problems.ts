import { LakeFault, type LakeFaultCode } from '../fault.ts';

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
}

const statuses: Partial<Readonly<Record<LakeFaultCode, number>>> = {
  'lake/bad-option': 400,
  'lake/query-failed': 400,
  'lake/query-refused': 403,
  'lake/query-overran': 422,
  'lake/outside-history': 400,
  'lake/no-history': 404,
  'lake/empty': 503,
  'lake/file-damaged': 503,
  'lake/manifest-damaged': 503,
};

export function problemOf(error: unknown): Problem {
  if (error instanceof LakeFault) return { status: statuses[error.code] ?? 500, code: error.code, title: error.message };
  if (error instanceof SyntaxError) return { status: 400, code: 'lake/bad-option', title: 'The body is not JSON.' };
  return { status: 500, code: 'lake/defect', title: 'Something is wrong in the lake’s server.' };
}
