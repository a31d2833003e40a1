import type { HoldReason } from '@instep/contracts';
import { defineCommand, refuse } from '@instep/decider';

import { announceProgress } from './announce-progress.ts';
import { withItems } from './content.ts';
import { canBeAccepted } from './hold.ts';
import { order } from './order.ts';
import { unknownOrder } from './refusals.ts';
import { Telling } from './telling.ts';

export interface ReleaseOrder {
  readonly orderId: string;
  /** Items for lines that name none. */
  readonly assigned: readonly { readonly lineId: string; readonly item: string }[];
  /** Codes of hold reasons that are all right as they are. */
  readonly accepted: readonly string[];
}

/** Somebody mends what holds an order, whatever channel it came from. All or nothing: an order is not half released. */
export const releaseOrder = defineCommand<ReleaseOrder>({
  name: 'release-order',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, assigned, accepted }, read) => {
    const state = read.state(order, orderId);
    if (state.placed === undefined) return unknownOrder;
    if (state.hold === undefined) return refuse('order/not-held', 'The order is not on hold.');
    const { content, reasons } = state.hold;
    const items = Object.fromEntries(assigned.map(({ lineId, item }) => [lineId, item]));
    const without = new Set(content.lines.filter((line) => line.item === null).map((line) => line.lineId));
    const needless = assigned.find(({ lineId }) => !without.has(lineId));
    if (needless !== undefined)
      return refuse('order/line-needs-no-item', `Line ${needless.lineId} is not one that lacks an item.`, { lineId: needless.lineId });
    const left = reasons.filter((reason) => !isMended(reason, items, accepted));
    if (left.length > 0) return refuse('order/still-held', left.map((reason) => reason.message).join(' '), { reasons: left });
    const telling = new Telling(orderId, state);
    telling.tell({
      type: 'order.released',
      data: {
        orderId,
        content: withItems(content, items),
        ...(assigned.length === 0 ? {} : { assigned: [...assigned] }),
        ...(accepted.length === 0 ? {} : { accepted: [...accepted] }),
      },
    });
    announceProgress(telling);
    return telling.decision();
  },
});

function isMended({ code, lineId }: HoldReason, items: Readonly<Record<string, string>>, accepted: readonly string[]): boolean {
  return code === 'line-without-item' ? lineId !== null && lineId in items : canBeAccepted(code) && accepted.includes(code);
}
