import { grouped } from '../grouped.ts';

const groupedBefore = new WeakMap<object, ReadonlyMap<string, readonly unknown[]>>();
const few = 16;

/**
 * The lines of an event that are about one item. An event with thousands of items is folded into each of them: its lines are
 * grouped once, because looking through all of them for every item takes the square of the time.
 */
export function linesOfItem<Line extends { readonly item: string }>(lines: readonly Line[], item: string): readonly Line[] {
  if (lines.length <= few) return lines.filter((line) => line.item === item);
  let groups = groupedBefore.get(lines) as ReadonlyMap<string, readonly Line[]> | undefined;
  if (!groups) {
    groups = grouped(lines, (line) => line.item);
    groupedBefore.set(lines, groups);
  }
  return groups.get(item) ?? [];
}
