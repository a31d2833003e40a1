import { describe, expect, it } from '@jest/globals';

import { mutate } from './mutation.ts';

const edit = { file: 'a.ts', find: 'n + 1', replace: 'n' };

describe('planting a defect', () => {
  it('writes the place differently', () => {
    expect(mutate('const next = n + 1;', edit)).toBe('const next = n;');
  });

  it('takes the replacement as it is', () => {
    expect(mutate('n + 1', { ...edit, replace: "$& $1 $'" })).toBe("$& $1 $'");
  });

  it('refuses a place that is not there, or there twice: the table must follow the code', () => {
    expect(() => mutate('const next = n;', edit)).toThrow(expect.objectContaining({ code: 'mutation/outdated' }));
    expect(() => mutate('n + 1; n + 1', edit)).toThrow(/a.ts has the place to be mutated 2 times instead of once/);
  });
});
