import { Type } from 'typebox';

import { ChannelFulfillment, Restock } from '../channels/channel-facts.ts';
import { defineEvent } from '../define-event.ts';
import { Charge, DecimalText, Id, Instant, Nullable } from '../fragments.ts';
import { AsOf } from './report-stamp.ts';

const closed = { additionalProperties: false };

export const orderNotedV1 = defineEvent({
  name: 'order.noted',
  version: 1,
  topic: 'orders',
  stream: 'order',
  meaning:
    'What order-intake must remember although nothing happened yet: refunds and shipments that wait for their order, shipments that have not left, a newer report that changes nothing. Of no interest to others: each takes effect as an event of its own.',
  data: Type.Object(
    {
      orderId: Id,
      asOf: AsOf,
      refunds: Type.Optional(
        Type.Array(
          Type.Object(
            {
              refundId: Id,
              at: Instant,
              lines: Type.Array(
                Type.Object(
                  { lineId: Id, quantity: DecimalText, net: DecimalText, tax: DecimalText, restock: Restock, locationId: Nullable(Id) },
                  closed,
                ),
              ),
              shipping: Charge,
              adjustment: Charge,
              money: DecimalText,
              alone: Type.Optional(Type.Literal(true)),
            },
            closed,
          ),
        ),
      ),
      shipments: Type.Optional(Type.Array(ChannelFulfillment)),
    },
    closed,
  ),
});
