import type { HoldReason, OrderContent } from '@instep/contracts';
import { zero } from '@instep/values';

import { withItems } from './content.ts';
import { fingerprint } from './fingerprint.ts';
import { holdReasons } from './hold.ts';
import { headOf } from './order-head.ts';
import type { Line, OrderState } from './order-state.ts';
import type { Snapshot } from './snapshot.ts';
import type { Telling } from './telling.ts';

type Unstamped = Omit<Snapshot, 'stamp'>;

/** Placed, amended, held or released, as the newest snapshot has the order. */
export function announceContent(telling: Telling, snapshot: Unstamped): void {
  const { state } = telling;
  const content = withItems(snapshot.content, state.assigned);
  const reasons = holdReasons(content, snapshot.head.currencies, state.accepted);
  if (state.placed === undefined) place(telling, snapshot, content, reasons);
  else amend(telling, state.placed, snapshot, content, reasons);
}

function place(telling: Telling, snapshot: Unstamped, content: OrderContent, reasons: readonly HoldReason[]): void {
  const { channel, channelOrderId, head } = snapshot;
  const hold = reasons.length === 0 ? null : [...reasons];
  telling.tell(
    { type: 'order.placed', data: { orderId: telling.orderId, channel, channelOrderId, ...head, content, hold } },
    head.placedAt,
  );
}

function amend(
  telling: Telling,
  placed: NonNullable<OrderState['placed']>,
  snapshot: Unstamped,
  content: OrderContent,
  reasons: readonly HoldReason[],
): void {
  const { orderId, state } = telling;
  const newHead = fingerprint(headOf(snapshot.head)) !== placed.head;
  const newContent = fingerprint(content) !== placed.content;
  const freed = state.hold !== undefined && reasons.length === 0;
  if (reasons.length > 0 && fingerprint(reasons) !== fingerprint(state.hold?.reasons ?? [])) {
    telling.tell({ type: 'order.held', data: { orderId, reasons: [...reasons] } });
  }
  if (newHead || (newContent && !freed)) {
    const head = newHead ? { head: headOf(snapshot.head) } : {};
    telling.tell({ type: 'order.amended', data: { orderId, content, ...head, changes: changesOf(state.lines, content) } });
  }
  if (freed) telling.tell({ type: 'order.released', data: { orderId, content } });
}

function changesOf(before: readonly Line[], content: OrderContent): { lineId: string; before: string; after: string }[] {
  const known = new Map(before.map((line) => [line.id, line.quantity]));
  const changes = content.lines.map(({ lineId, quantity }) => ({ lineId, before: known.get(lineId) ?? zero, after: quantity }));
  const now = new Set(content.lines.map((line) => line.lineId));
  for (const line of before) if (!now.has(line.id)) changes.push({ lineId: line.id, before: line.quantity, after: zero });
  return changes.filter((change) => change.before !== change.after);
}
