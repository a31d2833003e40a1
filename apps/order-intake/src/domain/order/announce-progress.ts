import { isComplete, needsStock } from './standing.ts';
import type { Telling } from './telling.ts';

/** What follows from everything else: confirmed when there is nothing to reserve, and completed. */
export function announceProgress(telling: Telling): void {
  const { orderId, state } = telling;
  if (mayGoOn(telling) && !state.confirmed && !state.lines.some(needsStock)) {
    telling.tell({ type: 'order.confirmed', data: { orderId } });
  }
  if (!telling.state.completed && isComplete(telling.state)) telling.tell({ type: 'order.completed', data: { orderId } });
}

function mayGoOn({ state }: Telling): boolean {
  return state.hold === undefined && !state.cancelled;
}
