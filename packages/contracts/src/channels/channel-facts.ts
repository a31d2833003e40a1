import { Type } from 'typebox';
import type { Static } from 'typebox';

import { Amounts, Charge, DecimalText, Id, Instant, Nullable, Text } from '../fragments.ts';

const closed = { additionalProperties: false };

export const ChannelTax = Type.Object(
  {
    title: Text,
    rate: Nullable(DecimalText),
    amount: Amounts,
    /** The channel itself pays it to the state. */ channelLiable: Type.Boolean(),
  },
  closed,
);
export type ChannelTax = Static<typeof ChannelTax>;

/**
 * A line of an order as the channel has it. `quantity` is what was ordered less what edits took away, BEFORE refunds: refunds are facts
 * of their own. `item` is the stock item (SKU, else `variant:<id>`), null when the line names none.
 */
export const ChannelLine = Type.Object(
  {
    lineId: Id,
    item: Nullable(Id),
    sku: Nullable(Id),
    productId: Nullable(Id),
    variantId: Nullable(Id),
    title: Text,
    quantity: DecimalText,
    unitPrice: Amounts,
    /** For the whole quantity: line discounts and the line's part of order discounts. */
    discount: Amounts,
    taxes: Type.Array(ChannelTax),
    shippable: Type.Boolean(),
    giftCard: Type.Boolean(),
    /** Staff that the channel names for units of this line, apart from whoever made the order. */
    staff: Type.Optional(Type.Array(Type.Object({ staffId: Id, quantity: DecimalText }, closed))),
  },
  closed,
);
export type ChannelLine = Static<typeof ChannelLine>;

/** How goods of a refunded line are treated: `cancel` were never shipped, `return` come back to stock, `none` do not. */
export const Restock = Type.Union([Type.Literal('none'), Type.Literal('cancel'), Type.Literal('return')]);
export type Restock = Static<typeof Restock>;

export const ChannelRefund = Type.Object(
  {
    refundId: Id,
    createdAt: Instant,
    lines: Type.Array(
      Type.Object({ lineId: Id, quantity: DecimalText, restock: Restock, locationId: Nullable(Id), net: Amounts, tax: Amounts }, closed),
    ),
    shipping: Charge,
    /**
     * What was given back or kept beyond goods and shipping: discrepancies, duties, fees, tips, cash rounding. Positive = given back.
     * Without tax, and its tax.
     */
    adjustment: Charge,
    /** Money that went back to the buyer (successful transactions only). */
    money: Amounts,
  },
  closed,
);
export type ChannelRefund = Static<typeof ChannelRefund>;

export const ChannelFulfillment = Type.Object(
  {
    fulfillmentId: Id,
    status: Type.Union([Type.Literal('pending'), Type.Literal('success'), Type.Literal('cancelled'), Type.Literal('failed')]),
    createdAt: Instant,
    updatedAt: Instant,
    locationId: Nullable(Id),
    lines: Type.Array(Type.Object({ lineId: Id, quantity: DecimalText }, closed)),
    tracking: Type.Object({ company: Nullable(Text), numbers: Type.Array(Text), urls: Type.Array(Text) }, closed),
  },
  closed,
);
export type ChannelFulfillment = Static<typeof ChannelFulfillment>;
