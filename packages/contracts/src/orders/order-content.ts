import { Type } from 'typebox';
import type { Static } from 'typebox';

import { Amounts, Charge, DecimalText, Id, Nullable, Text } from '../fragments.ts';

const closed = { additionalProperties: false };

/** A line as ordered (after edits, before refunds; quantity 0 when edits took it away). `net` and `tax` are for the whole quantity, after discounts; net is without tax. */
export const OrderLine = Type.Object(
  {
    lineId: Id,
    item: Nullable(Id),
    title: Text,
    quantity: DecimalText,
    unitPrice: Amounts,
    discount: Amounts,
    net: Amounts,
    tax: Amounts,
    shippable: Type.Boolean(),
    giftCard: Type.Boolean(),
  },
  closed,
);
export type OrderLine = Static<typeof OrderLine>;

/**
 * What was ordered and what it costs. `tax` amounts exclude what the channel itself pays to the state.
 * Exactly: total = lines (net + tax) + shipping + duties + fees (net + tax) + tip + rounding + channelTax + difference.
 */
export const OrderContent = Type.Object(
  {
    lines: Type.Array(OrderLine),
    shipping: Charge,
    duties: Charge,
    fees: Charge,
    tip: Amounts,
    rounding: Amounts,
    /** Taxes on lines that the channel charges on top or within the price and pays to the state itself: in `total`, never ours. Absent when none. */
    channelTax: Type.Optional(Amounts),
    /** What `total` has beyond the sum of all other parts, when the channel's figures do not add up. Absent when they do. */
    difference: Type.Optional(Amounts),
    total: Amounts,
  },
  closed,
);
export type OrderContent = Static<typeof OrderContent>;

export const HoldReason = Type.Object({ code: Id, lineId: Nullable(Id), message: Text }, closed);
export type HoldReason = Static<typeof HoldReason>;
