import { ContractViolation } from '@instep/contracts';
import { RequestConflict, StoreConflict, StoreUnavailable } from '@instep/department';
import { LogUnavailable } from '@instep/event-log';
import { describe, expect, it } from '@jest/globals';
import { NotFoundException, PayloadTooLargeException } from '@nestjs/common';

import { problemAnswer } from './problem-document.ts';
import { Problem, Refused } from './problem.ts';

const answerTo = (error: unknown) => problemAnswer(error, { 'order/already-cancelled': 409 }, () => 'id-1');

describe('a problem document', () => {
  it.each([
    [
      'a refusal of the table',
      new Refused({ code: 'order/already-cancelled', message: 'It is.' }),
      409,
      'order/already-cancelled',
      undefined,
    ],
    ['another refusal', new Refused({ code: 'order/empty', message: 'No lines.' }), 422, 'order/empty', undefined],
    ['a problem', new Problem(404, 'order/unknown', 'No such order.'), 404, 'order/unknown', undefined],
    [
      'a broken contract',
      new ContractViolation('contract/invalid-data', 'bad', [{ path: '/a', message: 'b' }]),
      400,
      'contract/invalid-data',
      undefined,
    ],
    ['a key used for other content', new RequestConflict('x'), 409, 'request/other-content', undefined],
    ['a database that is away', new StoreUnavailable('x'), 503, 'store/unavailable', 2],
    ['a log that is away', new LogUnavailable('x'), 503, 'log/unavailable', 2],
    ['a conflict that lasted', new StoreConflict('x'), 503, 'store/conflict', 1],
    [
      'a query while the database is away',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      503,
      'service/dependency-away',
      2,
    ],
    ['a query that timed out', Object.assign(new Error('canceling statement'), { code: '57014' }), 503, 'service/dependency-away', 2],
    ['a path that is not there', new NotFoundException('Cannot GET /x'), 404, 'request/no-such-route', undefined],
    ['a body over the limit', new PayloadTooLargeException('too large'), 413, 'request/body-too-large', undefined],
  ])('for %s', (_, error, status, code, retryAfterSeconds) => {
    const answer = answerTo(error);
    expect(answer).toMatchObject({ defect: false, document: { status, code, type: `urn:instep:problem:${code}` } });
    expect(answer.retryAfterSeconds).toBe(retryAfterSeconds);
  });

  it('has paths, or details, when there are any', () => {
    expect(answerTo(new ContractViolation('contract/invalid-data', 'bad', [{ path: '/a', message: 'b' }])).document.paths).toEqual([
      { path: '/a', message: 'b' },
    ]);
    expect(answerTo(new Refused({ code: 'stock/short', message: 'no', details: { missing: 2 } })).document.details).toEqual({ missing: 2 });
  });

  it.each([
    ['an error', new TypeError('secret')],
    ['an error with a code of its own', Object.assign(new Error('secret'), { code: 'ENOENT' })],
    ['a row that the database refuses', Object.assign(new Error('secret'), { code: 'store/row-rejected', transient: false })],
    ['a 5xx of the framework', Object.assign(new Error('secret'), { statusCode: 500 })],
    ['something that is no error', 'secret'],
    ['nothing', undefined],
  ])('for %s that nobody foresaw is 500 with an id only', (_, error) => {
    const answer = answerTo(error);
    expect(answer).toMatchObject({ defect: true, document: { status: 500, code: 'defect', errorId: 'id-1' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});
