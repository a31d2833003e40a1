import { compareInstants } from './instant.ts';
import type { OrderState } from './order-state.ts';
import { itemsOf } from './standing.ts';

/**
 * Whether a shipment or refund can take effect: the order has its lines, or is known as of later, so that no report to come will bring
 * them. Otherwise it names lines of an edit that is still on its way, and waits.
 */
export function isReady(state: OrderState, lines: readonly { readonly lineId: string }[], at: string): boolean {
  if (state.asOf !== undefined && compareInstants(state.asOf.at, at) >= 0) return true;
  const items = itemsOf(state);
  return lines.every(({ lineId }) => items.has(lineId));
}
