import type { SampleMoney } from './sample-money.ts';
import { minus, nothing, plus, scaled, slice } from './sample-money.ts';

export interface SampleLineSettings {
  /** Null: a line without SKU. */
  readonly sku: string | null;
  readonly title?: string;
  /** Price of one, `12.50`. */
  readonly price: string;
  readonly quantity?: number;
  readonly productId?: number | null;
  readonly variantId?: number | null;
  /** Default: the order's. */
  readonly taxRate?: number;
  readonly shippable?: boolean;
  readonly giftCard?: boolean;
  readonly staffId?: string;
}

export interface SampleCustomer {
  readonly id: number;
  readonly email: string | null;
  readonly phone?: string | null;
  readonly firstName?: string;
  readonly lastName?: string;
}

export interface SampleOrderSettings {
  /** Digits; may be beyond 2^53. */
  readonly id: number | string;
  readonly number: number;
  readonly lines: readonly SampleLineSettings[];
  /** ISO 8601, UTC. */
  readonly placedAt: string;
  readonly currency?: string;
  /** The buyer pays in this currency, at so many of it for one of the shop's. */
  readonly presentment?: { readonly currency: string; readonly rate: number };
  /** Default 0.19. */
  readonly taxRate?: number;
  readonly taxesIncluded?: boolean;
  readonly channelLiable?: boolean;
  /** Price of shipping, `4.90`. Default none. */
  readonly shipping?: string;
  /** Taken off the goods, spread over the lines. */
  readonly discount?: string;
  readonly tip?: string;
  readonly customer?: SampleCustomer | null;
  readonly staffId?: number | null;
  readonly locationId?: number | null;
  readonly test?: boolean;
  readonly note?: string | null;
}

export interface SampleLine {
  readonly id: number;
  readonly sku: string | null;
  readonly title: string;
  readonly productId: number | null;
  readonly variantId: number | null;
  readonly price: SampleMoney;
  /** Ever ordered, with what edits removed. */
  readonly ordered: number;
  readonly removed: number;
  readonly refunded: number;
  /** Ever shipped, with what came back. */
  readonly shipped: number;
  /** Shipped and refunded. */
  readonly returned: number;
  /** For all ordered. */
  readonly discount: SampleMoney;
  readonly tax: SampleMoney;
  readonly taxRate: number;
  readonly shippable: boolean;
  readonly giftCard: boolean;
  readonly staffId: string | null;
}

export type SampleRestock = 'no_restock' | 'cancel' | 'return';

export interface SampleRefund {
  readonly id: number;
  readonly at: string;
  readonly note: string | null;
  readonly lines: readonly {
    readonly id: number;
    readonly lineId: number;
    readonly quantity: number;
    readonly restock: SampleRestock;
    readonly locationId: number | null;
    readonly subtotal: SampleMoney;
    readonly tax: SampleMoney;
  }[];
  readonly shipping: { readonly subtotal: SampleMoney; readonly tax: SampleMoney } | null;
  /** What goes back less than goods and shipping are worth. */
  readonly discrepancy: SampleMoney;
  readonly money: SampleMoney;
}

export interface SampleFulfillment {
  readonly id: number;
  readonly at: string;
  readonly updatedAt: string;
  readonly status: 'success' | 'cancelled';
  readonly locationId: number;
  readonly lines: readonly { readonly lineId: number; readonly quantity: number }[];
  readonly trackingNumber: string;
}

/** All that a sample order is at one moment. */
export interface SampleOrderState {
  readonly settings: SampleOrderSettings;
  readonly updatedAt: string;
  readonly lines: readonly SampleLine[];
  readonly shipping: SampleMoney;
  readonly shippingTax: SampleMoney;
  readonly tip: SampleMoney;
  readonly received: SampleMoney;
  readonly refunds: readonly SampleRefund[];
  readonly fulfillments: readonly SampleFulfillment[];
  readonly cancelledAt: string | null;
  readonly cancelReason: string | null;
}

/** A number of its own for everything that hangs on the order. */
export function derivedId(settings: SampleOrderSettings, kind: number, index: number): number {
  return Number(BigInt(settings.id) % 10_000_000_000n) * 10_000 + kind * 1_000 + index + 1;
}

/** Price after discount of the units `from` up to `to` of a line. */
export function lineSubtotal(line: SampleLine, from: number, to: number): SampleMoney {
  return slice(minus(scaled(line.price, line.ordered), line.discount), from, to, line.ordered);
}

export function lineTax(line: SampleLine, from: number, to: number): SampleMoney {
  return slice(line.tax, from, to, line.ordered);
}

function gross(subtotal: SampleMoney, tax: SampleMoney, settings: SampleOrderSettings): SampleMoney {
  return settings.taxesIncluded === true ? subtotal : plus(subtotal, tax);
}

/** What the order costs after edits, before refunds. */
export function totalOf(state: SampleOrderState): SampleMoney {
  const goods = state.lines.map((line) =>
    gross(lineSubtotal(line, 0, line.ordered - line.removed), lineTax(line, 0, line.ordered - line.removed), state.settings),
  );
  return plus(...goods, gross(state.shipping, state.shippingTax, state.settings), state.tip);
}

/** What a refund takes off the order. */
export function worthOf(refund: SampleRefund, settings: SampleOrderSettings): SampleMoney {
  const goods = refund.lines.map((line) => gross(line.subtotal, line.tax, settings));
  const shipping = refund.shipping ? gross(refund.shipping.subtotal, refund.shipping.tax, settings) : nothing;
  return minus(plus(...goods, shipping), refund.discrepancy);
}

/** What the order costs after edits and refunds. */
export function currentTotalOf(state: SampleOrderState): SampleMoney {
  return minus(totalOf(state), plus(...state.refunds.map((refund) => worthOf(refund, state.settings))));
}

export function refundedMoneyOf(state: SampleOrderState): SampleMoney {
  return plus(...state.refunds.map(({ money }) => money));
}

export function outstandingOf(state: SampleOrderState): SampleMoney {
  return minus(currentTotalOf(state), minus(state.received, refundedMoneyOf(state)));
}

/** Units of a line that are neither removed nor refunded nor shipped. */
export function unshippedOf(line: SampleLine): number {
  return Math.max(0, line.ordered - line.removed - line.refunded - (line.shipped - line.returned));
}
