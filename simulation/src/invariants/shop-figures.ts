import type { OrderEvidence } from '../evidence.ts';
import type { Decimal } from '@instep/values';
import { decimal } from '@instep/values';

/** Exact amount of so many cents. */
function cents(minor: number): Decimal {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return decimal(`${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`);
}

/** What the shop itself says of an order in the end. */
export interface ShopFigures {
  readonly received: Decimal;
  readonly refunded: Decimal;
  readonly kept: Decimal;
  readonly cancelled: boolean;
  /** Units that still have to leave. */
  readonly left: number;
  readonly anyShipped: boolean;
}

export function shopFigures({ acknowledged: { state } }: OrderEvidence): ShopFigures {
  const refunded = state.refunds.reduce((sum, { money }) => sum + money.shop, 0);
  return {
    received: cents(state.received.shop),
    refunded: cents(refunded),
    kept: cents(state.received.shop - refunded),
    cancelled: state.cancelledAt !== null,
    left: state.lines.reduce((sum, line) => sum + (line.shippable ? leftOf(line) : 0), 0),
    anyShipped: state.fulfillments.some(({ status }) => status === 'success'),
  };
}

function leftOf(line: {
  readonly ordered: number;
  readonly removed: number;
  readonly refunded: number;
  readonly shipped: number;
  readonly returned: number;
}): number {
  return Math.max(0, line.ordered - line.removed - line.refunded - (line.shipped - line.returned));
}
