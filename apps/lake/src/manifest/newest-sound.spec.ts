import { describe, expect, it } from '@jest/globals';

import { newestSound } from './newest-sound.ts';

/** Lists that are read one after the other, the last one for ever; a file `gone` is not there any more. */
async function taken(lists: readonly (readonly string[])[]): Promise<readonly string[]> {
  let reads = 0;
  const { files } = await newestSound(
    () => {
      const changes = Math.min(reads++, lists.length - 1);
      return { changes, files: lists[changes] ?? [] };
    },
    ({ changes }) => changes,
    async ({ files: named }) => {
      await Promise.resolve();
      if (named.includes('gone')) throw new Error('gone is missing');
    },
  );
  return files;
}

describe('the newest list of which all files are sound', () => {
  it('is the first one when nothing is wrong', async () => {
    expect(await taken([['a']])).toEqual(['a']);
  });

  it('is a newer one when a file went meanwhile', async () => {
    expect(await taken([['gone'], ['gone', 'a'], ['together']])).toEqual(['together']);
  });

  it('is none when the list still names what is missing', async () => {
    await expect(taken([['gone']])).rejects.toThrow('gone is missing');
  });
});
