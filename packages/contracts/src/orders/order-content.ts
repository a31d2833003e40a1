import { Type } from 'typebox';
import type { Static } from 'typebox';

import { Amounts, Charge, DecimalText, Id, Nullable, Text } from '../fragments.ts';

const closed = { additionalProperties: false };

/** A line as ordered (after edits, before refunds). `net` and `tax` are for the whole quantity, after discounts; net is without tax. */
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

/** What was ordered and what it costs. `tax` amounts exclude what the channel itself pays to the state. */
export const OrderContent = Type.Object(
  {
    lines: Type.Array(OrderLine),
    shipping: Charge,
    duties: Charge,
    fees: Charge,
    tip: Amounts,
    rounding: Amounts,
    total: Amounts,
  },
  closed,
);
export type OrderContent = Static<typeof OrderContent>;

export const HoldReason = Type.Object({ code: Id, lineId: Nullable(Id), message: Text }, closed);
export type HoldReason = Static<typeof HoldReason>;
