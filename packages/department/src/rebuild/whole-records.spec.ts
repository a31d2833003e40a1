import { describe, expect, it } from '@jest/globals';

import { WholeRecords } from './whole-records.ts';

function read(...serials: readonly (number | undefined)[]): { readonly told: string[]; readonly whole: WholeRecords } {
  const whole = new WholeRecords();
  const told: string[] = [];
  for (const serial of serials) {
    const sequence = { epoch: 1, n: 1, ...(serial === undefined ? {} : { serial }) };
    whole.add(sequence, () => told.push(String(serial)));
  }
  return { told, whole };
}

describe('records that are whole', () => {
  it('are told in the order of recording, however the partitions were read', () => {
    const { told, whole } = read(3, 1, 5, 4, 2);
    expect(told).toEqual(['1', '2', '3', '4', '5']);
    expect(whole.missing()).toBe(0);
    expect(whole.highest(1)).toBe(5);
  });

  it('are not told behind one that is missing', () => {
    const { told, whole } = read(1, 2, 4, 6);
    expect(told).toEqual(['1', '2']);
    expect(whole.missing()).toBe(2);
  });

  it('begin anew in each epoch; what was missing in an old one is no longer expected', () => {
    const { told, whole } = read(1, 3);
    whole.add({ epoch: 2, n: 9, serial: 1 }, () => told.push('1 of 2'));
    expect(told).toEqual(['1', '1 of 2']);
    expect(whole.missing()).toBe(0);
  });

  it('are told at once when they carry no count', () => {
    expect(read(undefined, 7).told).toEqual(['undefined']);
  });
});
