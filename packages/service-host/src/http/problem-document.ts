import { STATUS_CODES } from 'node:http';

import { isAway } from '../away.ts';

import { Problem, Refused, type ProblemExtras, type RefusalStatuses } from './problem.ts';

/** Body of an answer with `application/problem+json`. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly paths?: ProblemExtras['paths'];
  readonly details?: ProblemExtras['details'];
  /** Only of a defect: the same id is in the log. */
  readonly errorId?: string;
}

export interface ProblemAnswer {
  readonly document: ProblemDocument;
  readonly retryAfterSeconds?: number;
  /** Nobody foresaw it: it has to be logged, whole, under `document.errorId`. */
  readonly defect: boolean;
}

const REFUSED_STATUS = 422;
const RETRY_AFTER_SECONDS = 2;

const codesOfStatus: Readonly<Record<number, string>> = {
  400: 'request/malformed',
  404: 'request/no-such-route',
  405: 'request/method-not-allowed',
  408: 'request/timeout',
  413: 'request/body-too-large',
  414: 'request/url-too-long',
  415: 'request/unsupported-media-type',
  431: 'request/headers-too-large',
};

/** What an error says to a caller. Errors are recognised by their `code`, so that it does not matter which package they come from. */
export function problemAnswer(error: unknown, statuses: RefusalStatuses, newErrorId: () => string): ProblemAnswer {
  if (error instanceof Refused) {
    const { code, message, details } = error.refusal;
    return expected(statuses[code] ?? REFUSED_STATUS, code, message, details ? { details } : {});
  }
  if (error instanceof Problem) return expected(error.status, error.code, error.message, error.extras);

  const code = codeOf(error);
  if (code?.startsWith('contract/')) {
    const { message, paths } = error as { message: string; paths?: ProblemExtras['paths'] };
    return expected(400, code, message, paths ? { paths } : {});
  }
  if (code === 'request/other-content') return expected(409, code, 'The idempotency key was used for a request with other content.');
  if (code === 'store/unavailable')
    return expected(503, code, 'The database does not answer at the moment.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  if (code === 'store/conflict') return expected(503, code, 'Others changed the same things at the same time.', { retryAfterSeconds: 1 });
  if (code === 'log/unavailable')
    return expected(503, code, 'The event log does not answer at the moment.', { retryAfterSeconds: RETRY_AFTER_SECONDS });

  if (isAway(error))
    return expected(503, 'service/dependency-away', 'The database does not answer at the moment.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });

  const status = statusOfFramework(error);
  if (status !== undefined) return expected(status, codesOfStatus[status] ?? 'request/refused', detailOf(error, status));
  const errorId = newErrorId();
  return {
    defect: true,
    document: { ...documentOf(500, 'defect', 'This should not have happened. The log knows more under the error id.', {}), errorId },
  };
}

function expected(status: number, code: string, detail: string, extras: ProblemExtras = {}): ProblemAnswer {
  const document = documentOf(status, code, detail, extras);
  return extras.retryAfterSeconds === undefined
    ? { document, defect: false }
    : { document, defect: false, retryAfterSeconds: extras.retryAfterSeconds };
}

function documentOf(status: number, code: string, detail: string, { paths, details }: ProblemExtras): ProblemDocument {
  return {
    type: `urn:instep:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...(paths && { paths }),
    ...(details && { details }),
  };
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Nest and Fastify throw errors with a status for what is wrong with a request. A 5xx of theirs is a defect like any other. */
function statusOfFramework(error: unknown): number | undefined {
  const { getStatus, statusCode } = (error ?? {}) as { getStatus?: () => number; statusCode?: number };
  const status = typeof getStatus === 'function' ? getStatus.call(error) : statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function detailOf(error: unknown, status: number): string {
  if (status === 404) return 'There is nothing at this path.';
  return error instanceof Error ? error.message : (STATUS_CODES[status] ?? 'The request was refused.');
}
