import type { Tag } from './customer.ts';

const firstOrder = 'first-order';
const repeat = 'repeat';

const ours: readonly string[] = [firstOrder, repeat];
const longest = 255;

/**
 * Tags that a customer gets now. `had`: the customer's own and then those of records that were merged into it.
 * The first order makes `first-order`, the second `repeat`; a channel cannot give these two.
 */
export function newTags(own: readonly Tag[], inherited: readonly Tag[], orderId: string | null, given: readonly string[]): readonly Tag[] {
  const had = [...own, ...inherited];
  const orders = distinct([
    ...had.flatMap((tag) => (ours.includes(tag.tag) && tag.orderId !== null ? [tag.orderId] : [])),
    ...(orderId === null ? [] : [orderId]),
  ]);
  const [first, second] = orders;
  const due: Tag[] = [
    ...(first === undefined ? [] : [{ tag: firstOrder, orderId: first }]),
    ...(second === undefined ? [] : [{ tag: repeat, orderId: second }]),
    ...inherited.filter(({ tag }) => !ours.includes(tag)),
    ...given.filter((tag) => tag.length > 0 && tag.length <= longest && !ours.includes(tag)).map((tag) => ({ tag, orderId: null })),
  ];
  const names = new Set(own.map(({ tag }) => tag));
  return due.filter(({ tag }) => {
    if (names.has(tag)) return false;
    names.add(tag);
    return true;
  });
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
