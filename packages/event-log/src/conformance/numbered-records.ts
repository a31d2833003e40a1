import type { NewRecord } from '../record.ts';

export function record(n: number): NewRecord {
  return { key: 'demo/1', type: 'number.said', sequence: { epoch: 1, n: n + 1 }, value: Buffer.from(String(n)) };
}

export function numbered(from: number, to: number): readonly NewRecord[] {
  return range(from, to).map(record);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

export function textOf(each: { readonly value: Buffer }): string {
  return each.value.toString();
}
