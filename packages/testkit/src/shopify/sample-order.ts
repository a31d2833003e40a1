import { fulfillmentBody, orderBody, orderEditBody, refundBody } from './order-body.ts';
import type { SampleMoney } from './sample-money.ts';
import { minorUnitsOf, minus, nothing, plus, scaled, slice } from './sample-money.ts';
import type {
  SampleFulfillment,
  SampleLine,
  SampleLineSettings,
  SampleOrderSettings,
  SampleOrderState,
  SampleRefund,
  SampleRestock,
} from './sample-order-state.ts';
import { derivedId, lineSubtotal, lineTax, outstandingOf, refundedMoneyOf, unshippedOf, worthOf } from './sample-order-state.ts';

export interface RefundChoice {
  readonly at: string;
  /** By position of the line in the order. */
  readonly lines?: readonly { readonly line: number; readonly quantity: number; readonly restock?: SampleRestock }[];
  readonly shipping?: boolean;
  /** `10.00`. Default: what goods and shipping are worth, as far as money is there. */
  readonly money?: string;
  readonly note?: string;
}

/** A sample order. Each step gives a new order; the bodies have the shape and size of Shopify's webhooks, and their money adds up. */
export interface SampleOrder {
  readonly state: SampleOrderState;
  /** Captures all that is outstanding, or the amount. */
  paid(at: string, amount?: string): SampleOrder;
  /** Sets quantities of lines, by position. */
  edited(at: string, quantities: Readonly<Record<number, number>>): SampleOrder;
  /** Ships units of lines, by position; all that is left when no lines are named. */
  shipped(at: string, lines?: readonly { readonly line: number; readonly quantity: number }[], locationId?: number): SampleOrder;
  refunded(choice: RefundChoice): SampleOrder;
  /** Cancels what is left: with all money back unless told otherwise. */
  cancelled(at: string, options?: { readonly reason?: string; readonly refund?: boolean; readonly restock?: boolean }): SampleOrder;
  /** JSON text for `orders/*`. */
  body(): string;
  /** JSON text for `orders/edited`: deltas only. */
  editBody(): string;
  /** JSON text for `refunds/create`: the last refund, or the one at this position. */
  refundBody(index?: number): string;
  /** JSON text for `fulfillments/*`: the last shipment, or the one at this position. */
  fulfillmentBody(index?: number): string;
}

/** A new order, not paid. Ids of lines, refunds and shipments follow from the order's id. */
export function shopifyOrder(settings: SampleOrderSettings): SampleOrder {
  const taxRate = settings.taxRate ?? 0.19;
  const lines = settings.lines.map((line, index) => newLine(settings, line, index, taxRate));
  const shipping = sampleMoney(settings, settings.shipping ?? '0');
  return sampleOrder({
    settings,
    updatedAt: settings.placedAt,
    lines: spreadDiscount(settings, lines),
    shipping,
    shippingTax: taxOn(shipping, taxRate, settings.taxesIncluded ?? false),
    tip: sampleMoney(settings, settings.tip ?? '0'),
    received: nothing,
    refunds: [],
    fulfillments: [],
    cancelledAt: null,
    cancelReason: null,
  });
}

function sampleOrder(state: SampleOrderState): SampleOrder {
  return {
    state,
    paid: (at, amount) =>
      sampleOrder({
        ...state,
        updatedAt: at,
        received: plus(state.received, amount === undefined ? outstandingOf(state) : sampleMoney(state.settings, amount)),
      }),
    edited: (at, quantities) =>
      sampleOrder({ ...state, updatedAt: at, lines: state.lines.map((line, index) => edited(state.settings, line, quantities[index])) }),
    shipped: (at, lines, locationId) => sampleOrder(ship(state, at, lines, locationId)),
    refunded: (choice) => sampleOrder(refund(state, choice)),
    cancelled: (at, options) => sampleOrder(cancel(state, at, options)),
    body: () => orderBody(state),
    editBody: () => orderEditBody(state),
    refundBody: (index = state.refunds.length - 1) => refundBody(state, index),
    fulfillmentBody: (index = state.fulfillments.length - 1) => fulfillmentBody(state, index),
  };
}

function sampleMoney(settings: SampleOrderSettings, amount: string): SampleMoney {
  const shop = minorUnitsOf(amount);
  return { shop, presentment: settings.presentment ? Math.round(shop * settings.presentment.rate) : shop };
}

function newLine(settings: SampleOrderSettings, line: SampleLineSettings, index: number, taxRate: number): SampleLine {
  const ordered = line.quantity ?? 1;
  const rate = line.taxRate ?? taxRate;
  const price = sampleMoney(settings, line.price);
  return {
    id: derivedId(settings, 0, index),
    sku: line.sku,
    title: line.title ?? line.sku ?? 'Item',
    productId: line.productId === undefined ? 632910392 + index : line.productId,
    variantId: line.variantId === undefined ? 39072856 + index : line.variantId,
    price,
    ordered,
    removed: 0,
    refunded: 0,
    shipped: 0,
    returned: 0,
    discount: nothing,
    tax: taxOn(scaled(price, ordered), rate, settings.taxesIncluded ?? false),
    taxRate: rate,
    shippable: line.shippable ?? true,
    giftCard: line.giftCard ?? false,
    staffId: line.staffId ?? null,
  };
}

function taxOn(price: SampleMoney, rate: number, included: boolean): SampleMoney {
  return scaled(price, included ? rate / (1 + rate) : rate);
}

function spreadDiscount(settings: SampleOrderSettings, lines: readonly SampleLine[]): readonly SampleLine[] {
  if (settings.discount === undefined) return lines;
  const discount = sampleMoney(settings, settings.discount);
  const goods = lines.reduce((sum, line) => sum + line.price.shop * line.ordered, 0);
  let before = 0;
  return lines.map((line) => {
    const after = before + line.price.shop * line.ordered;
    const share = slice(discount, before, after, goods);
    before = after;
    return {
      ...line,
      discount: share,
      tax: taxOn(minus(scaled(line.price, line.ordered), share), line.taxRate, settings.taxesIncluded ?? false),
    };
  });
}

function edited(settings: SampleOrderSettings, line: SampleLine, quantity: number | undefined): SampleLine {
  if (quantity === undefined) return line;
  const now = line.ordered - line.removed;
  if (quantity <= now) return { ...line, removed: line.removed + (now - quantity) };
  const ordered = line.ordered + (quantity - now);
  const price = minus(scaled(line.price, ordered), line.discount);
  return { ...line, ordered, tax: taxOn(price, line.taxRate, settings.taxesIncluded ?? false) };
}

const defaultLocation = 655441491;

function ship(
  state: SampleOrderState,
  at: string,
  chosen: readonly { line: number; quantity: number }[] | undefined,
  locationId = defaultLocation,
): SampleOrderState {
  const parts = chosen ?? state.lines.map((line, index) => ({ line: index, quantity: line.shippable ? unshippedOf(line) : 0 }));
  const lines = parts.flatMap(({ line, quantity }) => {
    const found = state.lines[line];
    return found && quantity > 0 ? [{ lineId: found.id, quantity }] : [];
  });
  if (lines.length === 0) return state;
  const index = state.fulfillments.length;
  const fulfillment: SampleFulfillment = {
    id: derivedId(state.settings, 1, index),
    at,
    updatedAt: at,
    status: 'success',
    locationId,
    lines,
    trackingNumber: `1Z${String(derivedId(state.settings, 1, index))}`,
  };
  return {
    ...state,
    updatedAt: at,
    fulfillments: [...state.fulfillments, fulfillment],
    lines: state.lines.map((line) => ({
      ...line,
      shipped: line.shipped + lines.filter(({ lineId }) => lineId === line.id).reduce((sum, { quantity }) => sum + quantity, 0),
    })),
  };
}

function refund(state: SampleOrderState, choice: RefundChoice): SampleOrderState {
  const index = state.refunds.length;
  const chosen = (choice.lines ?? []).flatMap(({ line, quantity, restock }, position) => {
    const found = state.lines[line];
    return found && quantity > 0 ? [{ line: found, quantity, restock: restock ?? ('no_restock' as const), position }] : [];
  });
  const lines = chosen.map(({ line, quantity, restock, position }) => ({
    id: derivedId(state.settings, 3, index * 100 + position),
    lineId: line.id,
    quantity,
    restock,
    locationId: restock === 'no_restock' ? null : defaultLocation,
    subtotal: lineSubtotal(line, line.refunded, line.refunded + quantity),
    tax: lineTax(line, line.refunded, line.refunded + quantity),
  }));
  const shipping = choice.shipping === true ? { subtotal: state.shipping, tax: state.shippingTax } : null;
  const whole: SampleRefund = {
    id: derivedId(state.settings, 2, index),
    at: choice.at,
    note: choice.note ?? null,
    lines,
    shipping,
    discrepancy: nothing,
    money: nothing,
  };
  const worth = worthOf(whole, state.settings);
  const there = minus(state.received, refundedMoneyOf(state));
  const money = choice.money === undefined ? (worth.shop <= there.shop ? worth : there) : sampleMoney(state.settings, choice.money);
  return {
    ...state,
    updatedAt: choice.at,
    refunds: [...state.refunds, { ...whole, money, discrepancy: choice.money === undefined ? nothing : minus(worth, money) }],
    lines: state.lines.map((line) => {
      const parts = chosen.filter((each) => each.line.id === line.id);
      const units = (of: typeof parts): number => of.reduce((sum, { quantity }) => sum + quantity, 0);
      const returned = Math.min(line.shipped - line.returned, units(parts.filter(({ restock }) => restock !== 'cancel')));
      return { ...line, refunded: line.refunded + units(parts), returned: line.returned + returned };
    }),
  };
}

function cancel(
  state: SampleOrderState,
  at: string,
  {
    reason = 'customer',
    refund: giveBack = true,
    restock = true,
  }: { readonly reason?: string; readonly refund?: boolean; readonly restock?: boolean } = {},
): SampleOrderState {
  const lines = state.lines.flatMap((line, index) => {
    const left = line.ordered - line.removed - line.refunded;
    const shipped = left - unshippedOf(line);
    return [
      { line: index, quantity: left - shipped, restock: restock ? ('cancel' as const) : ('no_restock' as const) },
      { line: index, quantity: shipped, restock: restock ? ('return' as const) : ('no_restock' as const) },
    ].filter(({ quantity }) => quantity > 0);
  });
  const merged =
    lines.length > 0 || state.shipping.shop > 0
      ? refundEachUnitOnce(state, { at, lines, shipping: !state.refunds.some(({ shipping }) => shipping), note: 'Order canceled' })
      : state;
  const refunds = giveBack
    ? merged.refunds
    : merged.refunds.map((each, index) => (index === state.refunds.length ? { ...each, money: nothing } : each));
  return { ...merged, refunds, updatedAt: at, cancelledAt: at, cancelReason: reason };
}

/** A line may be named twice (unshipped and shipped units): the second part goes on where the first ended. */
function refundEachUnitOnce(state: SampleOrderState, choice: RefundChoice): SampleOrderState {
  const seen = new Map<number, number>();
  const refunded = refund(state, choice);
  const last = refunded.refunds.at(-1);
  if (!last) return refunded;
  const lines = last.lines.map((part) => {
    const line = state.lines.find(({ id }) => id === part.lineId);
    if (!line) return part;
    const from = line.refunded + (seen.get(line.id) ?? 0);
    seen.set(line.id, (seen.get(line.id) ?? 0) + part.quantity);
    return { ...part, subtotal: lineSubtotal(line, from, from + part.quantity), tax: lineTax(line, from, from + part.quantity) };
  });
  const worth = worthOf({ ...last, lines }, state.settings);
  const there = minus(state.received, refundedMoneyOf(state));
  return { ...refunded, refunds: [...state.refunds, { ...last, lines, money: worth.shop <= there.shop ? worth : there }] };
}
