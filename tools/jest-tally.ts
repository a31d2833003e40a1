import { stripVTControlCharacters } from 'node:util';
import type { Tally } from './checks.ts';

/** Adds up the closing lines that jest runs have printed: "Tests: 1 failed, 2 skipped, 30 passed, 33 total". */
export function tallyOf(output: string): Tally {
  let passed = 0;
  let failed = 0;
  for (const [, counts = ''] of stripVTControlCharacters(output).matchAll(/\bTests: +((?:\d+ \w+, )*\d+ total)/g)) {
    passed += count(counts, 'passed');
    failed += count(counts, 'failed');
  }
  return { passed, failed };
}

function count(counts: string, word: string): number {
  return Number(new RegExp(`(\\d+) ${word}`).exec(counts)?.[1] ?? 0);
}
