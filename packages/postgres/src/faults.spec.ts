import { describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { faultOf } from './faults.ts';

describe('an error of the driver', () => {
  const kinds: Record<string, readonly string[]> = {
    'store/conflict': ['40001', '40P01', 'IN409'],
    'store/unavailable': ['08006', '53300', '57P01', '57P03', '57014', '55P03', '25006', '58030', '28P01', '3D000', '0A000'],
    'store/row-rejected': ['21000', '22003', '22021', '23502', '23514', '54000', 'P0001'],
  };

  for (const [kind, codes] of Object.entries(kinds)) {
    it.each(codes)(`of SQLSTATE %s is ${kind}`, (sqlstate) => {
      expect(faultOf(answer(sqlstate))).toMatchObject({ code: kind, cause: { code: sqlstate } });
    });
  }

  it.each(['42P01', '42601', 'XX000'])('of SQLSTATE %s is a defect', (sqlstate) => {
    const error = answer(sqlstate);
    expect(faultOf(error)).toBe(error);
  });

  it('that is no answer of the server is a connection that failed', () => {
    for (const error of [new Error('timeout exceeded when trying to connect'), new AggregateError([], '')]) {
      expect(faultOf(error)).toMatchObject({ code: 'store/unavailable', message: expect.stringMatching(/./u), cause: error });
    }
  });

  it('that our own code threw is a defect', () => {
    const error = new TypeError('undefined is not a function');
    expect(faultOf(error)).toBe(error);
  });
});

function answer(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('no', 2, 'error'), { code });
}
