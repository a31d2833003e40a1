import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import type { Mutation } from './mutation.ts';
import { mutate } from './mutation.ts';
import { mutationNamed, mutations } from './table/index.ts';

const root = new URL('../../../', import.meta.url);

function textsOf(mutation: Mutation): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const edit of mutation.edits) {
    const text = texts.get(edit.file) ?? readFileSync(fileURLToPath(new URL(edit.file, root)), 'utf8');
    texts.set(edit.file, mutate(text, edit));
  }
  return texts;
}

describe('the table of mutations', () => {
  it.each(mutations.map((mutation) => [mutation.name, mutation] as const))('%s fits the code as it is', (_name, mutation) => {
    for (const [file, text] of textsOf(mutation)) {
      expect(text).not.toBe(readFileSync(fileURLToPath(new URL(file, root)), 'utf8'));
      // What does not parse is no defect, and would be "found" by everything.
      expect(() => stripTypeScriptTypes(text)).not.toThrow();
    }
  });

  it('names every mutation once', () => {
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  });

  it('refuses an unknown name with the list of known ones', () => {
    expect(() => mutationNamed('no-such')).toThrow(/There is no mutation "no-such". Known are: no-dedupe/);
  });
});
