import type { WorldResult } from '../evidence.ts';
import type { Variant } from './variant.ts';
import { asPlanned } from './variant.ts';

const fewestOrders = 1;

/**
 * The smallest world of the seed that still breaks the same invariant: faults are left out one by one for as long as it stays broken, then
 * the orders are halved. `broken` runs a variant and gives its result when the invariant is broken in it.
 */
export async function shrink(
  first: WorldResult,
  broken: (variant: Variant) => Promise<WorldResult | undefined>,
): Promise<{ readonly variant: Variant; readonly result: WorldResult }> {
  let smallest: { variant: Variant; result: WorldResult } = { variant: asPlanned, result: first };
  const attempt = async (variant: Variant): Promise<boolean> => {
    const result = await broken(variant);
    if (result) smallest = { variant, result };
    return result !== undefined;
  };
  for (const fault of first.faults) await attempt({ ...smallest.variant, without: [...smallest.variant.without, fault] });
  for (let orders = Math.floor(smallest.result.orders / 2); orders >= fewestOrders; orders = Math.floor(orders / 2)) {
    if (!(await attempt({ ...smallest.variant, orders }))) break;
  }
  for (const fault of smallest.result.faults) await attempt({ ...smallest.variant, without: [...smallest.variant.without, fault] });
  return smallest;
}
