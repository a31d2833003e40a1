import { describe, expect, it } from '@jest/globals';

import { withBlock } from './reliability-page.ts';

const page = 'before\n\n<!-- worlds: as printed -->\n\nold\n\n<!-- worlds: end -->\n\nafter\n';

describe('a table on the page of reliability', () => {
  it('takes the place of the one before, with its command', () => {
    expect(withBlock(page, 'worlds', 'npm run simulate', 'a  1')).toBe(
      'before\n\n<!-- worlds: as printed -->\n\n```console\n$ npm run simulate\na  1\n```\n\n<!-- worlds: end -->\n\nafter\n',
    );
  });

  it('needs its place', () => {
    expect(() => withBlock(page, 'mutations', '', '')).toThrow('docs/reliability.md has no place for "mutations"');
  });
});
