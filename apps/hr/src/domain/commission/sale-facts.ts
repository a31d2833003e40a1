import { compare, maximum, subtract, sum, zero } from '@instep/values';
import type { Decimal } from '@instep/values';

/** What commission needs to know of an order, in the shop's currency: facts as they stand now, in whatever order they came. */
export interface SaleFacts {
  /** `<channel>:<staff id>`, null when the order names nobody. */
  readonly staff: string | null;
  /** Whether it names somebody now or did before. */
  readonly named: boolean;
  readonly currency: string;
  readonly test: boolean;
  /** Net value of the goods after edits, before refunds. A gift card is money, not goods: commission is due when it is spent. */
  readonly goods: Decimal;
  /** Lines that are gift cards. */
  readonly giftCards: readonly string[];
  /** By refund, so that one that is told again replaces itself. */
  readonly refunds: Readonly<Record<string, SaleRefund>>;
  /** Owed before refunds. */
  readonly total: Decimal;
  /** Captured, gross of refunds. */
  readonly received: Decimal;
  readonly cancelled: boolean;
}

export interface SaleRefund {
  /** Net value of the goods taken back. */
  readonly goods: Decimal;
  /** By how much less is owed, tax and charges with it. */
  readonly credit: Decimal;
}

/** The value that commission is due on: of goods sold and kept, once all that is owed was paid. */
export function commissionBase({ test, cancelled, goods, refunds, total, received }: SaleFacts): Decimal {
  const all = Object.values(refunds);
  const owed = subtract(total, sum(all.map(({ credit }) => credit)));
  if (test || cancelled || compare(received, owed) < 0) return zero;
  return maximum(zero, subtract(goods, sum(all.map((refund) => refund.goods))));
}
